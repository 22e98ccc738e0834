import type { Inputs, Message } from 'egg-im-client';
import { computed, shallowRef } from 'vue';
import { useClient } from '../client';
import { useAsking } from '../client/asking';
import { useFailures } from '../client/failure';

const PAGE = 50;

interface Hits {
  readonly query: string;
  readonly messages: readonly Message[];
  readonly nextCursor?: string;
  readonly failure?: string;
}

/** Messages with words in them, in all conversations or in one. `hits` is undefined until there is an answer to these words. */
export function useMessageSearch(query: () => string, conversationId?: string) {
  const client = useClient();
  const { textOf } = useFailures();
  const last = shallowRef<Hits>();
  const words = computed(() => query().trim().slice(0, 64));
  const hits = computed(() => (last.value?.query === words.value ? last.value : undefined));

  useAsking(
    words,
    () => hits.value !== undefined && !hits.value.failure,
    q => void search(q),
  );

  async function search(q: string, before?: Hits): Promise<void> {
    const input: Inputs['message.search'] = { q, conversationId, limit: PAGE, cursor: before?.nextCursor };
    const found = await client.api.message.search(input).then(
      ({ items, nextCursor }): Hits => ({ query: q, messages: [...(before?.messages ?? []), ...items], nextCursor }),
      (error: unknown): Hits => ({ query: q, messages: before?.messages ?? [], failure: textOf(error) }),
    );
    if (q === words.value) last.value = found;
  }

  const more = (): void => {
    const { value } = hits;
    if (value?.nextCursor) void search(value.query, value);
  };
  return { words, hits, more };
}
