import { AppError } from '../../schema/errors';

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

export interface CommitQueueOptions<T, R> {
  /** Commits the items as one; one result, or the refusal of that item alone, for each. A throw fails them all. */
  readonly commit: (items: readonly T[]) => Promise<(R | AppError)[]>;
  /** Begins a batch: a function that takes one item after the other and says whether it still fits. The first always does. */
  readonly batch: () => (item: T) => boolean;
  /** How many items may wait before BUSY. */
  readonly limit: number;
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

/**
 * Group commit: while one commit runs, arrivals wait; the next commit takes them together. An idle queue commits at once. A
 * busy one first rests for about as long as its last commit took, unless a full batch waits already: what is committed together
 * costs less, as a run in a stream and as one packet to a device.
 */
export class CommitQueue<T, R> {
  private waiting: Waiting<T, R>[] = [];
  private running = false;
  private closed = false;
  private idle: (() => void)[] = [];
  /** Until when it is busy, by `performance.now()`, and how many milliseconds it then rests. */
  private busy = { until: 0, restMs: 0 };

  constructor(private readonly options: CommitQueueOptions<T, R>) {}

  /** Resolves when the item is committed. Throws BUSY at once when too many wait already, UNAVAILABLE once it drains. */
  submit(item: T): Promise<R> {
    if (this.closed) return Promise.reject(new AppError('UNAVAILABLE'));
    if (this.waiting.length >= this.options.limit) return Promise.reject(new AppError('BUSY'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
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
      const batch = this.waiting.splice(0, this.lengthOfBatch());
      const start = performance.now();
      await this.commit(batch);
      const end = performance.now();
      if (batch.length >= BUSY_LENGTH) this.busy = { until: end + BUSY_MS, restMs: Math.min(end - start, REST_MS) };
    }
    this.running = false;
    for (const resolve of this.idle.splice(0)) resolve();
  }

  private lengthOfBatch(): number {
    const fits = this.options.batch();
    fits(this.waiting[0].item);
    let length = 1;
    while (length < this.waiting.length && fits(this.waiting[length].item)) length++;
    return length;
  }

  /** What arrives in the same turn of the event loop, in the gathering time or in a rest, is one batch. */
  private gather(): Promise<void> {
    const { gatherMs = 0 } = this.options;
    const { until, restMs } = this.busy;
    const ms = restMs > gatherMs && performance.now() < until && !this.isFull() ? restMs : gatherMs;
    return new Promise(resolve => (ms > 0 ? setTimeout(resolve, ms) : setImmediate(resolve)));
  }

  private isFull(): boolean {
    return this.lengthOfBatch() < this.waiting.length;
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
        for (const { reject } of [...batch, ...this.waiting.splice(0)]) reject(error);
        return error;
      }
      if (batch.length > 1) return this.commitEach(batch);
      batch[0].reject(error);
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
