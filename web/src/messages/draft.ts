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
  /** Own ones that are not shown yet: what is shown meanwhile is older than what was written. */
  let keeping = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  watch(() => conversation.value?.draft, take, { immediate: true });

  function take(): void {
    if (keeping > 0) return;
    known = conversation.value?.draft ?? '';
    if (!isOwn) text.value = known;
  }

  function keep(): void {
    clearTimeout(timer);
    timer = undefined;
    const id = conversation.value?.id;
    if (id === undefined || text.value === known) return;
    known = text.value;
    keeping++;
    void client.draft(id, text.value).finally(() => {
      keeping--;
      take();
    });
  }

  watch(text, words => (isOwn = words !== '' && (isOwn || words !== known)), { flush: 'sync' });
  watch([text, () => conversation.value?.id], () => (timer ??= setTimeout(keep, SOON_MS)));
  onScopeDispose(() => timer && client.session.value && keep());

  return { text, keep };
}
