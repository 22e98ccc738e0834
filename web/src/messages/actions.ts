import type { Message } from 'egg-im-client';
import { useRouter } from 'vue-router';
import { useClient } from '../client';
import { useFailures } from '../client/failure';
import { confirm } from '../design/confirm';
import type { MenuAction } from '../design/menu';
import { toast } from '../design/toast';
import { useI18n } from '../i18n';
import { useConversation } from './context';
import { useLimits } from './limits';

/** What can be done with a message, in its menu. */
export function useMessageActions() {
  const client = useClient();
  const router = useRouter();
  const { t } = useI18n();
  const { attempt } = useFailures();
  const { conversation, me, intent, denial } = useConversation();
  const limits = useLimits();

  const isWithin = ({ sentAt }: Message, seconds: number | undefined): boolean =>
    seconds === undefined || Date.now() - Date.parse(sentAt) < seconds * 1000;
  const isOwn = ({ senderId }: Message): boolean => senderId === me;

  function mayRecall(message: Message): boolean {
    const { role } = conversation.value ?? {};
    if (role === 'owner' || role === 'admin') return message.type !== 'notice';
    return isOwn(message) && isWithin(message, limits.value?.recallSeconds);
  }

  async function remove({ conversationId, seq }: Message, whose: 'me' | 'both'): Promise<void> {
    const isForBoth = whose === 'both';
    const question = {
      title: t(isForBoth ? 'messages.deleteBothAsk' : 'messages.deleteAsk'),
      text: t(isForBoth ? 'messages.deleteBothText' : 'messages.deleteText'),
    };
    if (!(await confirm({ ...question, action: t('messages.delete'), danger: true }))) return;
    await attempt(() => client.api.message.remove({ conversationId, seqs: [seq], for: whose }));
  }

  async function copy(text: string): Promise<void> {
    // Without TLS there is no clipboard.
    await (navigator.clipboard as Clipboard | undefined)?.writeText(text);
    toast(t('messages.copied'));
  }

  /** Puts a reaction of the user to a message, or takes it away. */
  function react({ conversationId, seq, reactions = [] }: Message, reaction: string): void {
    const reacted = !reactions.some(each => each.reaction === reaction && each.userIds.includes(me));
    void attempt(() => client.api.message.react({ conversationId, seq, reaction, reacted }));
  }

  function actionsOf(message: Message): MenuAction[] {
    const { conversationId, seq, type, content } = message;
    const mayWrite = denial.value === undefined;
    const text = type === 'text' && typeof content.text === 'string' ? content.text : undefined;
    const all: (MenuAction & { readonly isThere: boolean })[] = [
      {
        key: 'reply',
        label: t('messages.reply'),
        icon: 'reply',
        isThere: mayWrite,
        takesFocus: true,
        run: () => (intent.value = { kind: 'reply', message }),
      },
      {
        key: 'copy',
        label: t('messages.copy'),
        icon: 'copy',
        isThere: text !== undefined && 'clipboard' in navigator,
        run: () => void copy(text ?? ''),
      },
      {
        key: 'edit',
        label: t('messages.edit'),
        icon: 'edit',
        isThere: mayWrite && text !== undefined && isOwn(message) && isWithin(message, limits.value?.editSeconds),
        takesFocus: true,
        run: () => (intent.value = { kind: 'edit', message }),
      },
      {
        key: 'readers',
        label: t('search.readers'),
        icon: 'checkTwice',
        isThere: conversation.value?.type === 'group' && isOwn(message),
        run: () => void router.push({ name: 'readers', params: { conversationId, seq } }),
      },
      {
        key: 'recall',
        label: t('messages.recall'),
        icon: 'undo',
        isThere: mayRecall(message),
        run: () => void attempt(() => client.api.message.recall({ conversationId, seq })),
      },
      {
        key: 'delete',
        label: t('messages.deleteForMe'),
        icon: 'trash',
        danger: true,
        isThere: true,
        run: () => void remove(message, 'me'),
      },
      {
        key: 'deleteBoth',
        label: t('messages.deleteForBoth'),
        icon: 'trash',
        danger: true,
        isThere: isOwn(message) && conversation.value?.type === 'single',
        run: () => void remove(message, 'both'),
      },
    ];
    return all.filter(each => each.isThere);
  }

  return { actionsOf, react };
}
