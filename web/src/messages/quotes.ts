import type { Message, MessagesView } from 'egg-im-client';
import { computed, shallowReactive, type Ref } from 'vue';
import { useClient } from '../client';

/** Messages that are answered: those that are shown, and of others what the server says. */
export function useQuotes(view: Readonly<Ref<MessagesView>>) {
  const client = useClient();
  const shown = computed(() => new Map(view.value.messages.map(each => [each.seq, each])));
  const asked = shallowReactive(new Map<number, Message | null>());
  const wanted = new Set<number>();

  async function load(): Promise<void> {
    const conversationId = view.value.conversationId;
    const seqs = [...wanted];
    wanted.clear();
    if (conversationId === undefined) return;
    try {
      const { items } = await client.api.message.batch({ conversationId, seqs });
      const found = new Map(items.map(each => [each.seq, each]));
      for (const seq of seqs) asked.set(seq, found.get(seq) ?? null);
    } catch {
      // Without a connection they stay unknown, and are asked for as they are shown again.
    }
  }

  /** Undefined until it is known, null when it is gone. */
  return function quoted(seq: number): Message | null | undefined {
    const known = shown.value.get(seq) ?? asked.get(seq);
    if (known === undefined && !wanted.has(seq)) {
      wanted.add(seq);
      // In the next turn, so that all that come into sight are asked for at once.
      if (wanted.size === 1) queueMicrotask(() => void load());
    }
    return known;
  };
}
