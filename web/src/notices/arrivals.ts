import type { ConversationView } from 'egg-im-client';
import { until } from 'egg-im-client';
import { onScopeDispose } from 'vue';
import { useRouter } from 'vue-router';
import { useClient } from '../client';
import { useFaces } from '../conversations/name';
import { useSummary } from '../messages/summary';
import { mayNotify, notifies, sounds } from './choices';
import { isExpired } from './expired';
import { play } from './sound';

/** Tells of messages that come while nobody looks: by a notification, and by a sound. */
export function useArrivals(): void {
  const client = useClient();
  const router = useRouter();
  const faceOf = useFaces();
  const { summaryOf } = useSummary();
  const me = client.session.value?.userId;
  /** Places up to which everything was there before, or was told. */
  const known = new Map<string, number>();

  function show(conversation: ConversationView): void {
    const { id, lastMessage } = conversation;
    if (!lastMessage || !notifies.value || !mayNotify()) return;
    const { name, src } = faceOf(conversation);
    const shown = new Notification(name, {
      body: summaryOf(lastMessage),
      tag: id,
      icon: src ?? '/public/icon.svg',
      silent: true,
    });
    shown.onclick = () => {
      window.focus();
      shown.close();
      void router.push({ name: 'conversation', params: { conversationId: id } });
    };
  }

  function look(conversations: readonly ConversationView[], isNew: boolean): void {
    let isHeard = false;
    for (const conversation of conversations) {
      const { id, lastSeq, lastMessage, settings, unread } = conversation;
      const isLater = lastSeq > (known.get(id) ?? 0);
      known.set(id, lastSeq);
      const isOther = unread > 0 && lastMessage?.senderId !== me && lastMessage?.type !== 'system';
      if (!isNew || !isLater || !isOther || settings.notify === 'none' || isExpired(lastMessage)) continue;
      if (document.visibilityState === 'hidden') show(conversation);
      isHeard ||= settings.notify === 'normal';
    }
    if (isHeard && sounds.value && !(document.visibilityState === 'visible' && document.hasFocus())) play();
  }

  let stop: (() => void) | undefined;
  let isOver = false;
  // What has come while the page was away was not told then, and is not now: it would be told all at once.
  void until(client.isLevel, Boolean).then(() => {
    if (isOver) return;
    look(client.conversations.value, false);
    stop = client.conversations.subscribe(now => look(now, true));
  });
  onScopeDispose(() => {
    isOver = true;
    stop?.();
  });
}
