import { Service } from 'egg';
import type { Actor } from '../lib/auth/actor';
import { readHeads, readPage, type Head } from '../lib/stream/reader';
import { Json, jsonList, jsonObject } from '../schema/json';
import type { Entry, PulledEntries, PushedEntries } from '../schema/sync';

export default class SyncService extends Service {
  /** Where the user's stream stands, with the notices to all in it. */
  async head(actor: Actor): Promise<Head> {
    const { userId } = actor;
    await this.app.engine.broadcasts.deliver([actor]);
    return (await readHeads(this.app.engine.database, [userId])).get(userId) ?? { head: 0, first: 1 };
  }

  /** A page of entries after a place. */
  async pull(actor: Actor, after: number, limit: number): Promise<Json<PulledEntries>> {
    const { entries, head, first, last } = await this.read(actor, after, limit);
    const resync = after + 1 < first || after > head;
    return jsonObject<PulledEntries>({ entries, head, hasMore: last < head, ...(resync && { resync }) });
  }

  /** The same as a push carries it. */
  async pushOf(actor: Actor, after: number, limit: number): Promise<Json<PushedEntries>> {
    const { entries } = await this.read(actor, after, limit);
    return jsonObject<PushedEntries>({ entries });
  }

  /** Resolves when the device's cursor is stored. */
  async acknowledge({ userId, deviceId }: Actor, syncSeq: number): Promise<void> {
    await this.app.engine.acks.ack({ userId, deviceId, syncSeq });
  }

  private async read(actor: Actor, after: number, limit: number) {
    await this.app.engine.broadcasts.deliver([actor]);
    const bounds = { limit, bytes: this.app.config.im.pageBytes };
    const page = await readPage(this.app.engine.database, actor.userId, after, bounds);
    return { ...page, entries: jsonList(page.entries.map(entry => new Json<Entry>(entry))) };
  }
}
