import type { Actor } from '../auth/actor';
import type { Database } from '../database/pool';
import { CommitQueue, upTo } from '../queue/commit_queue';
import type { Bounds } from '../queue/fair_queue';
import { NO_HEAD, readHeads, type Head } from '../stream/head';
import type { Broadcasts } from './broadcasts';

/** Devices that are greeted together. */
const AT_ONCE = 200;

/**
 * Where the streams of those stand who connect, with the notices to all in them: read together for all who come at once, as after
 * the end of a node.
 */
export class Heads {
  private readonly queue;

  constructor(
    private readonly database: Database,
    private readonly broadcasts: Broadcasts,
    bounds: Bounds,
  ) {
    this.queue = new CommitQueue<Actor, Head>({
      ...bounds,
      commit: actors => this.read(actors),
      batch: upTo(AT_ONCE),
      ownerOf: actor => actor.userId,
    });
  }

  /** Throws BUSY, UNAVAILABLE. */
  of(actor: Actor): Promise<Head> {
    return this.queue.submit(actor);
  }

  private async read(actors: readonly Actor[]): Promise<Head[]> {
    await this.broadcasts.deliver(actors);
    const heads = await readHeads(this.database, [...new Set(actors.map(each => each.userId))]);
    return actors.map(({ userId }) => heads.get(userId) ?? NO_HEAD);
  }
}
