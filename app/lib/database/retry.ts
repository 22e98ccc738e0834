import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../schema/errors';
import { isConflict, LockedByOther } from './outage';

/** How long a transaction may go on being rolled back and begun again. */
const PATIENCE_MS = 4000;
/** The same while a lock that it needs is held by another all the time. */
const LOCKED_MS = 1500;
/** The longest pause before the second try; it doubles with each further one. */
const PAUSE_MS = 10;
const PAUSE_MOST_MS = 160;

/**
 * Runs a transaction, again and again while others make the server roll it back. `attempt` may run several times and has to
 * begin anew each time. Throws what it throws, and BUSY when there is no end of conflicts.
 */
export async function retrying<T>(attempt: () => Promise<T>): Promise<T> {
  const began = Date.now();
  for (let pause = PAUSE_MS; ; pause = Math.min(pause * 2, PAUSE_MOST_MS)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isConflict(error)) throw error;
      const patience = error instanceof LockedByOther ? LOCKED_MS : PATIENCE_MS;
      if (Date.now() - began >= patience) throw Object.assign(new AppError('BUSY'), { cause: error });
      // At random, so that two that ran into each other do not do so again.
      await sleep(Math.random() * pause);
    }
  }
}
