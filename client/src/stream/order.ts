/** What has a place in a stream. */
export interface Numbered {
  readonly syncSeq: number;
}

/** So far ahead entries are held that came early; those further on a pull has to bring again. */
const EARLY_MAX = 2000;

/**
 * Puts the entries of a stream in order, however they come: pushed twice, late, or with some between them missing. It knows the place
 * of the last one that was applied, and no network.
 */
export class Order<E extends Numbered> {
  readonly #early = new Map<number, E>();
  /** The furthest that came. */
  #seen = 0;

  /** @param last the place of the last one that is applied */
  constructor(public last: number) {}

  /** Takes what was pushed or pulled. What was applied before is dropped. */
  add(entries: readonly E[]): void {
    for (const entry of entries) {
      const { syncSeq } = entry;
      this.#seen = Math.max(this.#seen, syncSeq);
      if (syncSeq > this.last && syncSeq <= this.last + EARLY_MAX) this.#early.set(syncSeq, entry);
    }
  }

  /** The entries that come next, without a gap, at most so many; empty when the next one is not there. */
  next(limit = Infinity): E[] {
    const ready: E[] = [];
    for (let entry; ready.length < limit && (entry = this.#early.get(this.last + ready.length + 1));) ready.push(entry);
    return ready;
  }

  /** Everything up to this place is applied. */
  advance(last: number): void {
    this.last = last;
    for (const syncSeq of this.#early.keys()) if (syncSeq <= last) this.#early.delete(syncSeq);
  }

  /** Whether entries have come of which one before is missing. */
  get hasGap(): boolean {
    return this.#seen > this.last && !this.#early.has(this.last + 1);
  }

  /** Begins anew behind a place, as of another history. */
  restart(last: number): void {
    this.#early.clear();
    this.#seen = 0;
    this.last = last;
  }
}
