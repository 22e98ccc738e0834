import type { ConversationView } from 'egg-im-client';
import { useRoute, useRouter } from 'vue-router';
import { useClient } from '../client';
import { useFailures } from '../client/failure';
import { confirm } from '../design/confirm';
import type { MenuAction } from '../design/menu';
import { useI18n } from '../i18n';
import { useFaces } from './name';

/** What can be done with a conversation, in its menu. */
export function useConversationActions() {
  const client = useClient();
  const router = useRouter();
  const route = useRoute();
  const { t } = useI18n();
  const { attempt } = useFailures();
  const faceOf = useFaces();

  function update(conversationId: string, change: object): void {
    void attempt(() => client.api.conversation.update({ conversationId, ...change }));
  }

  async function remove(conversation: ConversationView): Promise<void> {
    const { id: conversationId, lastSeq } = conversation;
    const { name } = faceOf(conversation);
    const question = { title: t('chats.deleteAsk', { name }), text: t('chats.deleteText') };
    if (!(await confirm({ ...question, action: t('chats.delete'), danger: true }))) return;
    const isDone = await attempt(() => client.api.conversation.remove({ conversationId, seq: lastSeq }));
    if (isDone && route.params.conversationId === conversationId) await router.push({ name: 'chats' });
  }

  return function actionsOf(conversation: ConversationView): MenuAction[] {
    const { id, settings, unread, lastSeq } = conversation;
    const isUnread = unread > 0 || settings.markedUnread;
    const isMuted = settings.notify === 'none';
    return [
      {
        key: 'pin',
        label: settings.pinned ? t('chats.unpin') : t('chats.pin'),
        icon: settings.pinned ? 'pinOff' : 'pin',
        run: () => update(id, { pinned: !settings.pinned }),
      },
      {
        key: 'mute',
        label: isMuted ? t('chats.unmute') : t('chats.mute'),
        icon: isMuted ? 'bell' : 'bellOff',
        run: () => update(id, { notify: isMuted ? 'normal' : 'none' }),
      },
      {
        key: 'read',
        label: isUnread ? t('chats.markRead') : t('chats.markUnread'),
        icon: isUnread ? 'mailOpen' : 'mail',
        run: () => (isUnread ? void client.read(id, lastSeq) : update(id, { markedUnread: true })),
      },
      { key: 'remove', label: t('chats.delete'), icon: 'trash', danger: true, run: () => void remove(conversation) },
    ];
  };
}
