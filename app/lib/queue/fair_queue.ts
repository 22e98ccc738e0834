/** How many items may wait. */
export interface Bounds {
  readonly limit: number;
  /** Of these, those of one owner. Default: as many. */
  readonly share?: number;
  /** What they may hold together; default: as much as they like. */
  readonly size?: number;
}

/** Items that wait, each with an owner: owners are served in turn, an item each, and those of one owner in order. */
export class FairQueue<T> {
  /** By owner; whose turn is next comes first. */
  private readonly waiting = new Map<unknown, { readonly item: T; readonly size: number }[]>();
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

  /** Takes items, from one owner after the other, as long as `fits` says so. The first is always taken. */
  take(fits: (item: T) => boolean): T[] {
    const taken: T[] = [];
    // An owner who has more goes to the end of the map, and comes up again.
    for (const [owner, own] of this.waiting) {
      const [{ item, size }] = own;
      if (!fits(item) && taken.length > 0) break;
      taken.push(item);
      this.size -= size;
      own.shift();
      this.waiting.delete(owner);
      if (own.length > 0) this.waiting.set(owner, own);
    }
    this.length -= taken.length;
    return taken;
  }

  takeAll(): T[] {
    return this.take(() => true);
  }
}
