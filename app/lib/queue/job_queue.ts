import { AppError } from '../../schema/errors';
import { FairQueue, type Bounds } from './fair_queue';

export interface JobQueueOptions extends Bounds {
  /** Jobs that run side by side. */
  readonly atOnce: number;
  /** Of these, those of one owner. Default: as many. */
  readonly ofOwner?: number;
}

/** Runs jobs, a few at once; the others wait, and their owners are served in turn. */
export class JobQueue {
  private readonly waiting;
  /** How many jobs of each owner run. */
  private readonly running = new Map<unknown, number>();
  private total = 0;

  constructor(private readonly options: JobQueueOptions) {
    this.waiting = new FairQueue<() => Promise<void>>(options);
  }

  /** Resolves, or fails, as the job does. Throws BUSY at once when too many wait already. */
  run<T>(owner: unknown, job: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = () => job().then(resolve, reject);
      if (this.waiting.push(owner, settle)) this.begin();
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
      void next.item().then(() => {
        this.count(next.owner, -1);
        this.begin();
      });
    }
  }

  private count(owner: unknown, change: 1 | -1): void {
    const own = (this.running.get(owner) ?? 0) + change;
    if (own > 0) this.running.set(owner, own);
    else this.running.delete(owner);
    this.total += change;
  }
}
