import { kept, keptOfTab } from '../kept';
/** Several users may be logged in side by side in one browser: each has a slot, and each tab shows one. */
const OF_TAB = 'egg-im:slot';
const LAST = 'egg-im:last-slot';
const KEPT = 'egg-im:accounts';

/** Who is logged in in a slot. */
export interface SlotAccount {
  readonly slot: string;
  readonly userId: string;
  readonly name: string;
}

/** The slot of this tab: that which it had before, else the one that was used last. */
export function currentSlot(): string {
  const slot = keptOfTab.getItem(OF_TAB) ?? kept.getItem(LAST) ?? 'egg-im';
  use(slot);
  return slot;
}

/** Shows another slot in this tab; without a name a new one, where nobody is logged in. */
export function openSlot(slot = `egg-im-${crypto.getRandomValues(new Uint32Array(1))[0]}`): void {
  use(slot);
  history.replaceState(null, '', location.pathname);
  location.reload();
}

/** Those who are logged in in this browser. */
export function accounts(): SlotAccount[] {
  const text = kept.getItem(KEPT);
  return text ? (JSON.parse(text) as SlotAccount[]) : [];
}

/** Notes who is logged in in a slot; undefined: nobody any more. */
export function noteAccount(slot: string, account: Omit<SlotAccount, 'slot'> | undefined): void {
  const others = accounts().filter(each => each.slot !== slot);
  kept.setItem(KEPT, JSON.stringify(account ? [...others, { ...account, slot }] : others));
}

function use(slot: string): void {
  keptOfTab.setItem(OF_TAB, slot);
  kept.setItem(LAST, slot);
}
