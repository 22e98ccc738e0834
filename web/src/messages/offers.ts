import { computed, ref, watch, type Ref } from 'vue';
import type { Mentionable, useMentions } from './mentions';

/** Who is offered while a name is written after an @, and which of them the keys have chosen. */
export function useOffers(
  text: Readonly<Ref<string>>,
  mentions: ReturnType<typeof useMentions>,
  /** Puts a name in place of what is written from there to the cursor. */
  put: (words: string, from: number) => void,
) {
  const cursor = ref(0);
  const active = ref(0);
  const dismissed = ref<number>();
  const found = computed(() => mentions.offered(text.value, cursor.value));
  const offer = computed(() => (found.value?.from === dismissed.value ? undefined : found.value));
  watch(offer, (now, before) => {
    if (now?.from !== before?.from || active.value >= (now?.people.length ?? 0)) active.value = 0;
  });
  watch(found, now => now ?? (dismissed.value = undefined));

  function choose(one: Mentionable | undefined): void {
    if (!one || !offer.value) return;
    mentions.choose(one);
    put(`${one.name} `, offer.value.from);
  }

  /** Takes a key that is for the offer. Whether it was. */
  function took({ key }: KeyboardEvent): boolean {
    const now = offer.value;
    if (!now) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step) active.value = (active.value + step + now.people.length) % now.people.length;
    else if (key === 'Enter' || key === 'Tab') choose(now.people[active.value]);
    else if (key === 'Escape') dismissed.value = now.from;
    else return false;
    return true;
  }

  return { cursor, active, offer, choose, took };
}
