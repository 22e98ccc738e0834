/** What has a place in a stream. */
export interface Numbered {
  readonly syncSeq: number;
}

/** Entries that came early and are held; with more of them a pull has to bring them again. */
const EARLY_MAX = 2000;

/**
 * Puts the entries of a stream in order, however they come: pushed twice, late, or with some between them missing. It knows the place
 * of the last one that was applied, and no network.
 */
export class Order<E extends Numbered> {
  readonly #early = new Map<number, E>();

  constructor(public last: number) {}

  /** Takes what was pushed or pulled. What was applied before is dropped. */
  add(entries: readonly E[]): void {
    for (const entry of entries) {
      if (entry.syncSeq > this.last && this.#early.size < EARLY_MAX) this.#early.set(entry.syncSeq, entry);
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

  /** Whether entries are held of which the one before is missing. */
  get hasGap(): boolean {
    return this.#early.size > 0 && !this.#early.has(this.last + 1);
  }

  clear(): void {
    this.#early.clear();
  }
}
