import type { Database } from '../database/pool';
import type { Read } from '../database/session';
import { JobQueue } from '../queue/job_queue';

/** Searches that may wait, and of these those of one user. */
const LIMIT = 200;
const SHARE = 5;

/** Where searches run: on connections of their own, so that nobody but other searches ever waits for one. */
export class Searches {
  private readonly queue;
  private readonly read: Read;

  /** @param connections those of the database: as many searches run at once */
  constructor(database: Database, connections: number) {
    this.queue = new JobQueue({ atOnce: connections, limit: LIMIT, share: SHARE });
    this.read = statement => database.select(statement);
  }

  /** Throws what the search throws, and BUSY when too many wait already. */
  run<T>(userId: number, search: (read: Read) => Promise<T>): Promise<T> {
    return this.queue.run(userId, () => search(this.read));
  }
}
