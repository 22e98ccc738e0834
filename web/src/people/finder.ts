import type { Card } from 'egg-im-client';
import { computed, shallowRef, type Ref } from 'vue';
import { useClient } from '../client';
import { useAsking } from '../client/asking';
import { useFailures } from '../client/failure';

export interface Found {
  readonly query: string;
  readonly people: readonly Card[];
  readonly failure?: string;
}

/** Finds people by account or name, while somebody types. `found` is undefined until there is an answer to what is wanted. */
export function useFinder(query: Ref<string>) {
  const client = useClient();
  const { textOf } = useFailures();
  const last = shallowRef<Found>();
  const wanted = computed(() => query.value.trim());
  const found = computed(() => (last.value?.query === wanted.value ? last.value : undefined));

  useAsking(
    wanted,
    () => found.value !== undefined && !found.value.failure,
    q => void search(q),
  );

  async function search(q: string): Promise<void> {
    const me = client.session.value?.userId;
    const result = await client.api.user.search({ q, limit: 50 }).then(
      ({ items }) => ({ query: q, people: items.filter(each => each.id !== me) }),
      (error: unknown) => ({ query: q, people: [], failure: textOf(error) }),
    );
    if (q === wanted.value) last.value = result;
  }

  return { wanted, found };
}
