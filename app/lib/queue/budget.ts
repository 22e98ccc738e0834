import { LRUCache } from 'lru-cache';

/** Owners that are remembered; who has not spent anything for longest is forgotten first, and has the whole budget again. */
const OWNERS = 50_000;

/** What each owner may spend: so much a second, and so much at once after a rest. */
export class Budget {
  private readonly spent = new LRUCache<string | number, { readonly left: number; readonly at: number }>({
    max: OWNERS,
  });

  /** @param perSecond 0: there is no bound */
  constructor(
    private readonly perSecond: number,
    private readonly atOnce: number,
  ) {}

  /** Spends, whether it is there or not. Returns for how many milliseconds the owner should spend nothing more. */
  spend(owner: string | number, amount: number): number {
    if (this.perSecond === 0) return 0;
    const now = performance.now();
    const { left, at } = this.spent.get(owner) ?? { left: this.atOnce, at: now };
    const rest = Math.min(this.atOnce, left + ((now - at) / 1000) * this.perSecond) - amount;
    this.spent.set(owner, { left: rest, at: now });
    return rest >= 0 ? 0 : (-rest / this.perSecond) * 1000;
  }
}
