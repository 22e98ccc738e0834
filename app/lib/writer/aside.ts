import { upTo, CommitQueue } from '../queue/commit_queue';
import type { Bounds } from '../queue/fair_queue';
import { AppError } from '../../schema/errors';

/** Items of one commit. */
const LENGTH = 200;

interface Line<T, R> {
  readonly queue: CommitQueue<T, R>;
  /** Items that are not settled. */
  length: number;
}

/**
 * Items whose key somebody else holds: those of each key wait in a line of their own, in order, so that nothing else waits for
 * them.
 */
export class Aside<T, R> {
  private readonly lines = new Map<number, Line<T, R>>();
  private length = 0;

  constructor(
    private readonly commit: (items: readonly T[]) => Promise<(R | AppError)[]>,
    private readonly bounds: Bounds,
  ) {}

  /** Whether items of this key wait: what comes after them has to go behind them. */
  has(key: number): boolean {
    return this.lines.has(key);
  }

  /** Resolves when the item is committed. Throws BUSY. */
  async submit(key: number, item: T): Promise<R> {
    if (this.length >= this.bounds.limit) throw new AppError('BUSY');
    const line = this.lines.get(key) ?? { queue: this.newQueue(), length: 0 };
    this.lines.set(key, line);
    line.length++;
    this.length++;
    try {
      return await line.queue.submit(item);
    } finally {
      this.length--;
      if (--line.length === 0) this.lines.delete(key);
    }
  }

  /** Resolves when all that waits is settled. */
  async drain(): Promise<void> {
    await Promise.all([...this.lines.values()].map(({ queue }) => queue.drain()));
  }

  private newQueue(): CommitQueue<T, R> {
    return new CommitQueue({ ...this.bounds, commit: this.commit, batch: upTo(LENGTH) });
  }
}
