/** How many items may wait. */
export interface Bounds {
  readonly limit: number;
  /** Of these, those of one owner. Default: as many. */
  readonly share?: number;
  /** What they may hold together; default: as much as they like. */
  readonly size?: number;
}

interface Waiting<T> {
  readonly item: T;
  readonly size: number;
}

/** Items that wait, each with an owner: owners are served in turn, an item each, and those of one owner in order. */
export class FairQueue<T> {
  /** By owner; whose turn is next comes first. */
  private readonly waiting = new Map<unknown, Waiting<T>[]>();
  private size = 0;
  length = 0;

  constructor(private readonly bounds: Bounds) {}

  /** Returns false when too many wait already. `size` is what the item holds, in the unit of the bound. */
  push(owner: unknown, item: T, size = 0): boolean {
    const { limit, share = limit, size: most = Infinity } = this.bounds;
    const own = this.waiting.get(owner) ?? [];
    if (this.length >= limit || own.length >= share || this.size >= most) return false;
    own.push({ item, size });
    this.waiting.set(owner, own);
    this.length++;
    this.size += size;
    return true;
  }

  has(owner: unknown): boolean {
    return this.waiting.has(owner);
  }

  /** Puts back what was taken, before all else of its owner. The bounds do not count: it was within them. */
  putBack(owner: unknown, item: T, size = 0): void {
    this.waiting.set(owner, [{ item, size }, ...(this.waiting.get(owner) ?? [])]);
    this.length++;
    this.size += size;
  }

  /** Takes items, from one ready owner after the other, as long as `fits` says so. The first is always taken. */
  take(fits: (item: T) => boolean, isReady: (owner: unknown) => boolean = () => true): T[] {
    const taken: T[] = [];
    // An owner who has more goes to the end of the map, and comes up again.
    for (const [owner, own] of this.waiting) {
      if (!isReady(owner)) continue;
      const { item } = own[0];
      if (!fits(item) && taken.length > 0) break;
      taken.push(item);
      this.shift(owner, own);
    }
    return taken;
  }

  takeAll(): T[] {
    return this.take(() => true);
  }

  /** Takes the item of the first owner in turn who is ready, if there is one. */
  next(isReady: (owner: unknown) => boolean): { readonly owner: unknown; readonly item: T } | undefined {
    for (const [owner, own] of this.waiting) {
      if (!isReady(owner)) continue;
      const { item } = own[0];
      this.shift(owner, own);
      return { owner, item };
    }
    return undefined;
  }

  /** Takes an owner's first item away, and puts the owner behind all others. */
  private shift(owner: unknown, own: Waiting<T>[]): void {
    this.size -= own[0].size;
    this.length--;
    own.shift();
    this.waiting.delete(owner);
    if (own.length > 0) this.waiting.set(owner, own);
  }
}
