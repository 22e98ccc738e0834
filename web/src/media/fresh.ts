import { until, type Client } from 'egg-im-client';
import { computed, inject, provide, ref, shallowReactive, type InjectionKey } from 'vue';
import { useClient } from '../client';
import type { Shown } from './shown';

/** Long enough for all pictures of a screen to be asked for at once. */
const GATHER_MS = 20;
/** So many messages one call may ask for. */
const MOST = 100;
/** What can not be read at so many addresses that were given anew is not there. */
const FAILURES = 2;

/** Contents that were loaded anew, because the addresses in them had expired. */
const renewed = shallowReactive(new Map<string, Record<string, unknown>>());
const asked = new Map<string, { readonly seqs: Set<number>; readonly done: Promise<void> }>();

const keyOf = (conversationId: string, seq: number): string => `${conversationId} ${seq}`;

async function load(client: Client, conversationId: string, seqs: readonly number[]): Promise<void> {
  for (let rest = seqs; rest.length > 0;) {
    const page = rest.slice(0, MOST);
    const { items, nextCursor } = await client.api.message.batch({ conversationId, seqs: page });
    for (const { seq, content } of items) renewed.set(keyOf(conversationId, seq), content);
    const last = Number(nextCursor ?? page.at(-1));
    rest = rest.filter(seq => seq > last);
  }
}

/** Loads a message anew, with others that are asked for at the same time. */
function renewalOf(client: Client, conversationId: string, seq: number): Promise<void> {
  const known = asked.get(conversationId);
  known?.seqs.add(seq);
  if (known) return known.done;
  const seqs = new Set([seq]);
  const done = new Promise(resolve => setTimeout(resolve, GATHER_MS)).then(async () => {
    asked.delete(conversationId);
    await load(
      client,
      conversationId,
      [...seqs].sort((a, b) => a - b),
    );
  });
  asked.set(conversationId, { seqs, done });
  return done;
}

const RENEW: InjectionKey<() => Promise<void>> = Symbol('renew');

/** The content of a message with addresses that are good. What is within it asks for new ones by `useReading`. */
export function useFreshContent(message: () => Shown) {
  const client = useClient();
  const place = computed(() => {
    const { conversationId, seq } = message();
    return conversationId !== undefined && seq !== undefined ? { conversationId, seq } : undefined;
  });
  const renewOfAll = inject(RENEW, undefined);
  provide(RENEW, async () => {
    if (!place.value) return renewOfAll?.();
    const { conversationId, seq } = place.value;
    await until(client.connection, ({ state }) => state === 'online');
    // What is refused leaves the address that there is.
    await renewalOf(client, conversationId, seq).catch(() => undefined);
  });
  return computed(() => {
    const { conversationId = '', seq = 0 } = place.value ?? {};
    return renewed.get(keyOf(conversationId, seq)) ?? message().content;
  });
}

/** Reads a file at an address that may have expired. What shows it has `tries` as its key, and tells what has come of it. */
export function useReading() {
  const renew = inject(RENEW, undefined);
  const tries = ref(0);
  const isGone = ref(false);
  let failures = 0;

  async function failed(): Promise<void> {
    isGone.value = !renew || ++failures > FAILURES;
    if (isGone.value || !renew) return;
    await renew();
    tries.value++;
  }

  function succeeded(): void {
    failures = 0;
    isGone.value = false;
  }

  return { tries, isGone, failed, succeeded };
}
