import { AppError } from '../../schema/errors';
import { FairQueue, type Bounds } from './fair_queue';

export interface JobQueueOptions extends Bounds {
  /** Jobs that run side by side. */
  readonly atOnce: number;
}

/** Runs jobs, a few at once; the others wait, and their owners are served in turn. */
export class JobQueue {
  private readonly waiting;
  private running = 0;

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

  private begin(): void {
    while (this.running < this.options.atOnce && this.waiting.length > 0) {
      const [job] = this.waiting.take(() => false);
      this.running++;
      void job().then(() => {
        this.running--;
        this.begin();
      });
    }
  }
}
