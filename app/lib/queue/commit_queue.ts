import { AppError } from '../../schema/errors';
import { FairQueue, type Bounds } from './fair_queue';

/** The result of an item that can not be committed now, and is to wait for a while. */
export const LATER = Symbol('later');
export type Later = typeof LATER;

interface Waiting<T, R> {
  readonly item: T;
  readonly owner: unknown;
  /** Since when, by `performance.now()`. */
  readonly since: number;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

export interface CommitQueueOptions<T, R> extends Bounds {
  /**
   * Commits the items as one; one result, or the refusal of that item alone, for each, or LATER: it waits with all of its owner,
   * and is refused with BUSY when that has not helped for a while. BUSY fails them all, UNAVAILABLE also those who wait; after any
   * other throw each is committed alone.
   */
  readonly commit: (items: readonly T[]) => Promise<(R | Later | AppError)[]>;
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
/** How long the owner of an item that is to wait is passed over, and how long the item may wait in all, in milliseconds. */
const PAUSE_MS = 50;
const PATIENCE_MS = 1500;
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
  /** Owners who are passed over, each until a time. */
  private readonly paused = new Map<unknown, number>();
  /** Ends a pause. */
  private wake: () => void = () => undefined;

  constructor(private readonly options: CommitQueueOptions<T, R>) {
    this.waiting = new FairQueue<Waiting<T, R>>(options);
  }

  /** Resolves when the item is committed. Throws BUSY at once when too many wait already, UNAVAILABLE once it drains. */
  submit(item: T): Promise<R> {
    const { ownerOf, sizeOf } = this.options;
    if (this.closed) return Promise.reject(new AppError('UNAVAILABLE'));
    return new Promise((resolve, reject) => {
      const owner = ownerOf?.(item);
      const waiting = { item, owner, since: performance.now(), resolve, reject };
      const isTaken = this.waiting.push(owner, waiting, sizeOf?.(item));
      if (!isTaken) return reject(new AppError('BUSY'));
      if (!this.running) {
        this.running = true;
        void this.run();
      } else if (!this.paused.has(owner)) this.wake();
    });
  }

  get isIdle(): boolean {
    return !this.running;
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
      const batch = this.waiting.take(({ item }) => fits(item), this.readyOwners());
      if (batch.length === 0) {
        await this.pause();
        continue;
      }
      const isAll = this.waiting.length === 0;
      const start = performance.now();
      await this.commit(batch);
      const end = performance.now();
      const settled = batch.filter(({ owner }) => !this.paused.has(owner)).length;
      // Those who were left behind have waited long enough.
      if (!isAll) this.busy = NOT_BUSY;
      else if (settled >= BUSY_LENGTH) this.busy = { until: end + BUSY_MS, restMs: Math.min(end - start, REST_MS) };
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

  /** While all who wait are passed over: until somebody else comes, or one of them may be tried again. */
  private pause(): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, PAUSE_MS);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Settles every item of the batch. Returns the outage that failed it, if it was one. */
  private async commit(batch: readonly Waiting<T, R>[]): Promise<AppError | undefined> {
    try {
      const results = await this.options.commit(batch.map(each => each.item));
      batch.forEach(({ resolve, reject }, index) => {
        const result = results[index];
        if (result === LATER) return;
        if (result instanceof AppError) reject(result);
        else resolve(result);
      });
      this.putBack(batch.filter((_, index) => results[index] === LATER));
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

  /** Owners who are not passed over now. */
  private readyOwners(): (owner: unknown) => boolean {
    const now = performance.now();
    for (const [owner, until] of this.paused) if (until <= now) this.paused.delete(owner);
    return owner => !this.paused.has(owner);
  }

  /** Has items wait again, before what their owners have sent since: the order of an owner's items stays. */
  private putBack(items: readonly Waiting<T, R>[]): void {
    const now = performance.now();
    for (const each of [...items].reverse()) {
      if (now - each.since > PATIENCE_MS) {
        each.reject(new AppError('BUSY'));
        continue;
      }
      this.paused.set(each.owner, now + PAUSE_MS);
      this.waiting.putBack(each.owner, each, this.options.sizeOf?.(each.item));
    }
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
