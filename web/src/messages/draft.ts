import type { ConversationView } from 'egg-im-client';
import { onScopeDispose, ref, watch, type Ref } from 'vue';
import { useClient } from '../client';

const SOON_MS = 400;

/** What the user writes in a conversation: kept, and taken over from other devices as long as nothing is written here. */
export function useDraft(conversation: Ref<ConversationView | undefined>) {
  const client = useClient();
  const text = ref('');
  let known = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  watch(
    () => conversation.value?.draft ?? '',
    draft => {
      if (text.value === known) text.value = draft;
      known = draft;
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

  watch([text, () => conversation.value?.id], () => (timer ??= setTimeout(keep, SOON_MS)));
  onScopeDispose(() => timer && client.session.value && keep());

  return { text, keep };
}
