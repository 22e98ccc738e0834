import { AppError } from '../../schema/errors';
import { FairQueue, type Bounds } from './fair_queue';

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

export interface CommitQueueOptions<T, R> extends Bounds {
  /**
   * Commits the items as one; one result, or the refusal of that item alone, for each. BUSY fails them all, UNAVAILABLE also those
   * who wait; after any other throw each is committed alone.
   */
  readonly commit: (items: readonly T[]) => Promise<(R | AppError)[]>;
  /** Begins a batch: a function that takes one item after the other and says whether it still fits. The first always does. */
  readonly batch: () => (item: T) => boolean;
  /** Whose an item is: owners are served in turn, an item each. Default: all are one owner's. */
  readonly ownerOf?: (item: T) => unknown;
  /** How much an item holds, for a bound of that. */
  readonly sizeOf?: (item: T) => number;
  /** Milliseconds to gather items before a commit, for what nobody waits for. Default 0. */
  readonly gatherMs?: number;
}

/** Batches of at most so many items. */
export function upTo(most: number): () => () => boolean {
  return () => {
    let items = 0;
    return () => ++items <= most;
  };
}

/** After a batch of so many items more are on their way: they had better share the next one. */
const BUSY_LENGTH = 16;
/** For so many milliseconds after it. */
const BUSY_MS = 200;
/** The longest rest, in milliseconds. */
const REST_MS = 20;
const NOT_BUSY = { until: 0, restMs: 0 };

/**
 * Group commit: while one commit runs, arrivals wait; the next commit takes them together. An idle queue commits at once. A
 * busy one first rests for about as long as its last commit took, unless that left somebody behind: what is committed together
 * costs less, as a run in a stream and as one packet to a device. Items of one owner are committed in the order in which they came.
 */
export class CommitQueue<T, R> {
  private readonly waiting;
  private running = false;
  private closed = false;
  private idle: (() => void)[] = [];
  /** Until when it is busy, by `performance.now()`, and how many milliseconds it then rests. */
  private busy = NOT_BUSY;

  constructor(private readonly options: CommitQueueOptions<T, R>) {
    this.waiting = new FairQueue<Waiting<T, R>>(options);
  }

  /** Resolves when the item is committed. Throws BUSY at once when too many wait already, UNAVAILABLE once it drains. */
  submit(item: T): Promise<R> {
    const { ownerOf, sizeOf } = this.options;
    if (this.closed) return Promise.reject(new AppError('UNAVAILABLE'));
    return new Promise((resolve, reject) => {
      const isTaken = this.waiting.push(ownerOf?.(item), { item, resolve, reject }, sizeOf?.(item));
      if (!isTaken) return reject(new AppError('BUSY'));
      if (!this.running) {
        this.running = true;
        void this.run();
      }
    });
  }

  /** Takes nothing more, and resolves when all that was taken is settled. */
  drain(): Promise<void> {
    this.closed = true;
    return this.running ? new Promise(resolve => this.idle.push(resolve)) : Promise.resolve();
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      await this.gather();
      const fits = this.options.batch();
      const batch = this.waiting.take(({ item }) => fits(item));
      const isAll = this.waiting.length === 0;
      const start = performance.now();
      await this.commit(batch);
      const end = performance.now();
      // Those who were left behind have waited long enough.
      if (!isAll) this.busy = NOT_BUSY;
      else if (batch.length >= BUSY_LENGTH)
        this.busy = { until: end + BUSY_MS, restMs: Math.min(end - start, REST_MS) };
    }
    this.running = false;
    for (const resolve of this.idle.splice(0)) resolve();
  }

  /** What arrives in the same turn of the event loop, in the gathering time or in a rest, is one batch. */
  private gather(): Promise<void> {
    const { gatherMs = 0 } = this.options;
    const { until, restMs } = this.busy;
    const ms = performance.now() < until ? Math.max(gatherMs, restMs) : gatherMs;
    return new Promise(resolve => (ms > 0 ? setTimeout(resolve, ms) : setImmediate(resolve)));
  }

  /** Settles every item of the batch. Returns the outage that failed it, if it was one. */
  private async commit(batch: readonly Waiting<T, R>[]): Promise<AppError | undefined> {
    try {
      const results = await this.options.commit(batch.map(each => each.item));
      batch.forEach(({ resolve, reject }, index) => {
        const result = results[index];
        if (result instanceof AppError) reject(result);
        else resolve(result);
      });
    } catch (error) {
      if (error instanceof AppError && error.code === 'UNAVAILABLE') {
        // Those behind would each wait for the same time-out: they are told now.
        for (const { reject } of [...batch, ...this.waiting.takeAll()]) reject(error);
        return error;
      }
      const isBusy = error instanceof AppError && error.code === 'BUSY';
      if (batch.length > 1 && !isBusy) return this.commitEach(batch);
      for (const { reject } of batch) reject(error);
    }
    return undefined;
  }

  /** After a batch that can not be stored: what spoils it, alone, fails alone. */
  private async commitEach(batch: readonly Waiting<T, R>[]): Promise<AppError | undefined> {
    for (const [index, each] of batch.entries()) {
      const outage = await this.commit([each]);
      if (!outage) continue;
      for (const { reject } of batch.slice(index + 1)) reject(outage);
      return outage;
    }
    return undefined;
  }
}
