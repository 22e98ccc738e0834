import { setTimeout as sleep } from 'node:timers/promises';
import { Budget } from './budget';
import { JobQueue } from './job_queue';

/** Answers that are made or sent at once, as long as a page each: what they take of a worker's memory together. */
const AT_ONCE = 24;
/** Of these, those of one user. */
const OF_USER = 4;
const LIMIT = 5000;
/** Those of one user that may wait. */
const SHARE = 200;
/** Who has not taken an answer by then makes room when others wait for it, in milliseconds. */
const PATIENCE_MS = 2000;
const LOOK_MS = 500;
/** Characters that one user is given a second for long, and in one go, as a device is that was away. */
const PER_SECOND = 4 << 20;
const IN_ONE_GO = 16 << 20;

/** How an answer goes to whom it is for. */
export interface Delivery {
  /** Resolves when all of it has been handed to the system, or nobody is there any more. */
  sent(): Promise<unknown>;
  /** Ends the connection. */
  cut(): void;
}

interface Sending {
  readonly userId: number;
  readonly since: number;
  readonly delivery: Delivery;
}

/**
 * Long answers, from when they are begun until they are sent. A few are under way at once, of one user fewer still; the others
 * wait, and users are served in turn. A reader who does not read is cut off once somebody waits for the place.
 */
export class Pages {
  private readonly jobs = new JobQueue({ atOnce: AT_ONCE, ofOwner: OF_USER, limit: LIMIT, share: SHARE });
  private readonly sending = new Set<Sending>();
  private readonly budget = new Budget(PER_SECOND, IN_ONE_GO);
  private readonly timer = setInterval(() => this.makeRoom(), LOOK_MS).unref();

  /**
   * Resolves, or fails, as `make` does, which makes the answer, gives it away, and says how long it is. Throws BUSY when too many
   * wait already.
   */
  answer(userId: number, make: () => Promise<number>, delivery: Delivery): Promise<number> {
    return new Promise((resolve, reject) => {
      const job = async () => {
        const length = await make();
        resolve(length);
        await this.deliver(userId, delivery);
        const ms = this.budget.spend(userId, length);
        if (ms > 0) await sleep(ms, undefined, { ref: false });
      };
      this.jobs.run(userId, job).catch(reject);
    });
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async deliver(userId: number, delivery: Delivery): Promise<void> {
    const sending = { userId, since: performance.now(), delivery };
    this.sending.add(sending);
    await delivery.sent().catch(() => undefined);
    this.sending.delete(sending);
  }

  private makeRoom(): void {
    const late = performance.now() - PATIENCE_MS;
    for (const { userId, since, delivery } of this.sending) {
      if (since < late && this.jobs.waitsFor(userId)) delivery.cut();
    }
  }
}
