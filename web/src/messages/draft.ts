import type { ConversationView } from 'egg-im-client';
import { onScopeDispose, ref, watch, type Ref } from 'vue';
import { useClient } from '../client';

const SOON_MS = 400;

/** What the user writes in a conversation: kept, and taken over from other devices as long as nothing is written here. */
export function useDraft(conversation: Ref<ConversationView | undefined>) {
  const client = useClient();
  const text = ref('');
  let known = '';
  /** The user is writing: what other devices say has to wait. */
  let isOwn = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  watch(
    () => conversation.value?.draft ?? '',
    draft => {
      known = draft;
      if (!isOwn) text.value = draft;
    },
    { immediate: true },
  );

  function keep(): void {
    clearTimeout(timer);
    timer = undefined;
    const id = conversation.value?.id;
    if (id === undefined || text.value === known) return;
    known = text.value;
    void client.draft(id, text.value);
  }

  watch(text, words => (isOwn = words !== '' && (isOwn || words !== known)), { flush: 'sync' });
  watch([text, () => conversation.value?.id], () => (timer ??= setTimeout(keep, SOON_MS)));
  onScopeDispose(() => timer && client.session.value && keep());

  return { text, keep };
}
