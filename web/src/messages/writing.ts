import type { Draft } from 'egg-im-client';
import { computed, ref, watch } from 'vue';
import { useClient } from '../client';
import { useFailures } from '../client/failure';
import { useConversation } from './context';
import { useDraft } from './draft';
import { useMentions } from './mentions';

/** What is written in the open conversation: something new, an answer, or the text of a message anew. */
export function useWriting(target: () => Pick<Draft, 'conversationId' | 'to'>, sent: () => void) {
  const client = useClient();
  const { attempt } = useFailures();
  const { conversation, intent, me } = useConversation();
  const draft = useDraft(conversation);
  const mentions = useMentions(conversation, me);
  const edited = ref('');

  const isEditing = computed(() => intent.value?.kind === 'edit');
  const text = computed({
    get: () => (isEditing.value ? edited.value : draft.text.value),
    set: words => {
      if (isEditing.value) edited.value = words;
      else draft.text.value = words;
    },
  });
  const isEmpty = computed(() => text.value.trim() === '');

  watch(intent, now => {
    if (now?.kind === 'edit') edited.value = String(now.message.content.text);
  });

  /** Sends what is written, or puts it in place of what was. */
  async function submit(): Promise<void> {
    const words = text.value.trim();
    if (words === '') return;
    const named = mentions.named(words);
    if (isEditing.value) return edit(words, named.mentions);
    const replyTo = intent.value?.message.seq;
    intent.value = undefined;
    text.value = '';
    draft.keep();
    typed();
    await client.post({ ...target(), type: 'text', content: { text: words }, ...named, ...(replyTo && { replyTo }) });
    sent();
  }

  async function edit(words: string, more: string[] | undefined): Promise<void> {
    const message = intent.value?.message;
    if (!message) return;
    const { conversationId, seq, mentions: before = [] } = message;
    const isDone =
      words === message.content.text ||
      (await attempt(() =>
        client.api.message.edit({
          conversationId,
          seq,
          content: { text: words },
          mentions: [...new Set([...before, ...(more ?? [])])],
        }),
      ));
    if (isDone) intent.value = undefined;
  }

  /** To be called with every key. */
  function typed(): void {
    if (conversation.value && !isEditing.value) client.setTyping(conversation.value.id, !isEmpty.value);
  }

  return { text, isEmpty, isEditing, intent, mentions, submit, typed };
}
