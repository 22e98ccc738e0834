import { Service } from 'egg';
import type { Actor } from '../lib/auth/actor';
import { readHeads, readPage, type Head } from '../lib/stream/reader';
import type { PulledEntries } from '../schema/sync';

export default class SyncService extends Service {
  /** Where the user's stream stands, with the notices to all in it. */
  async head(actor: Actor): Promise<Head> {
    const { userId } = actor;
    await this.app.engine.broadcasts.deliver([actor]);
    return (await readHeads(this.app.engine.database, [userId])).get(userId) ?? { head: 0, first: 1 };
  }

  /** A page of entries after a place. */
  async pull(actor: Actor, after: number, limit: number): Promise<PulledEntries> {
    await this.app.engine.broadcasts.deliver([actor]);
    const { entries, head, first, last } = await readPage(this.app.engine.database, actor.userId, after, limit);
    return {
      entries: entries.map(entry => JSON.parse(entry) as PulledEntries['entries'][number]),
      head,
      hasMore: last < head,
      ...((after + 1 < first || after > head) && { resync: true }),
    };
  }

  /** Resolves when the device's cursor is stored. */
  async acknowledge({ userId, deviceId }: Actor, syncSeq: number): Promise<void> {
    await this.app.engine.acks.ack({ userId, deviceId, syncSeq });
  }
}
