import { AppError } from '../../schema/errors';
import { FairQueue, type Bounds } from './fair_queue';

export interface JobQueueOptions extends Bounds {
  /** Jobs that run side by side. */
  readonly atOnce: number;
  /** Of these, those of one owner. Default: as many. */
  readonly ofOwner?: number;
}

interface Waiting {
  readonly run: () => Promise<void>;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs jobs, a few at once; the others wait, and their owners are served in turn. A job that fails with UNAVAILABLE fails those that
 * wait too: each would wait for the same time-out.
 */
export class JobQueue {
  private readonly waiting;
  /** How many jobs of each owner run. */
  private readonly running = new Map<unknown, number>();
  private total = 0;

  constructor(private readonly options: JobQueueOptions) {
    this.waiting = new FairQueue<Waiting>(options);
  }

  /** Resolves, or fails, as the job does. Throws BUSY at once when too many wait already. */
  run<T>(owner: unknown, job: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const run = () => job().then(resolve, (error: unknown) => this.fail(error, reject));
      if (this.waiting.push(owner, { run, reject })) this.begin();
      else reject(new AppError('BUSY'));
    });
  }

  /** Whether a job waits that would run if one of this owner's ended. */
  waitsFor(owner: unknown): boolean {
    const isFull = this.total >= this.options.atOnce;
    return isFull ? this.waiting.length > 0 : this.waiting.has(owner);
  }

  private begin(): void {
    const { atOnce, ofOwner = atOnce } = this.options;
    const hasRoom = (owner: unknown) => (this.running.get(owner) ?? 0) < ofOwner;
    while (this.total < atOnce) {
      const next = this.waiting.next(hasRoom);
      if (!next) return;
      this.count(next.owner, 1);
      void next.item.run().then(() => {
        this.count(next.owner, -1);
        this.begin();
      });
    }
  }

  private fail(error: unknown, reject: (error: unknown) => void): void {
    reject(error);
    if (!(error instanceof AppError) || error.code !== 'UNAVAILABLE') return;
    for (const waiting of this.waiting.takeAll()) waiting.reject(error);
  }

  private count(owner: unknown, change: 1 | -1): void {
    const own = (this.running.get(owner) ?? 0) + change;
    if (own > 0) this.running.set(owner, own);
    else this.running.delete(owner);
    this.total += change;
  }
}
