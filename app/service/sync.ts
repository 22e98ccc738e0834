import { Service } from 'egg';
import type { Actor } from '../lib/auth/actor';
import type { SocketData } from '../lib/stream/socket';
import { readPage } from '../lib/stream/reader';
import { Json, jsonObject } from '../schema/json';
import type { Acked, Entry, PulledEntries, PushedEntries } from '../schema/sync';

export default class SyncService extends Service {
  /** A page of entries after a place. One that is not part of this stream, or no longer kept, has to be loaded anew. */
  async pull(actor: Actor, after: number, limit: number): Promise<Json<PulledEntries>> {
    const { entries, head, first, epoch, last } = await this.read(actor, after, limit);
    const resync = after + 1 < first || after > head;
    return jsonObject<PulledEntries>({ entries, head, epoch, hasMore: last < head, ...(resync && { resync }) });
  }

  /** The same as a push carries it. */
  async pushOf(actor: Actor, after: number, limit: number): Promise<Json<PushedEntries>> {
    const { entries } = await this.read(actor, after, limit);
    return jsonObject<PushedEntries>({ entries });
  }

  /**
   * Resolves when the device's cursor is stored. A place that the stream does not have is of another history. An actor by a socket
   * has what that was given.
   */
  async acknowledge(
    { userId, deviceId, given }: Actor & Partial<Pick<SocketData, 'given'>>,
    syncSeq: number,
  ): Promise<Acked> {
    const isKnown = await this.app.engine.acks.ack({ userId, deviceId, syncSeq, given });
    return isKnown ? {} : { resync: true };
  }

  private async read(actor: Actor, after: number, limit: number) {
    await this.app.engine.broadcasts.deliver([actor]);
    const bounds = { limit, bytes: this.app.config.im.pageBytes };
    const page = await readPage(this.app.engine.database, actor.userId, after, bounds);
    return { ...page, entries: new Json<Entry[]>(`[${page.entries.join()}]`) };
  }
}
