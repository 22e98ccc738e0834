import type { Database } from '../database/pool';
import { chunks, IN_LIST, select, tuples } from '../database/statement';
import { readLastNotices, type Broadcasts } from './broadcasts';
import { RepeatingTask } from '../queue/repeating_task';
import type { ImNamespace, ImSocket } from '../stream/socket';
import { readHeads, type Inbox } from '../stream/head';

/**
 * The look that makes pushes a matter of speed and not of luck: at every check a node compares the streams of its online
 * users with what it has sent them, and tells the devices that are behind. It also lets go of sockets whose session
 * has ended without this node hearing of it.
 */
export class HeadCheck {
  private readonly task;
  /** Those that the last look has found without a session. */
  private readonly ended = new WeakSet<ImSocket>();

  constructor(
    private readonly namespace: ImNamespace,
    private readonly database: Database,
    private readonly broadcasts: Broadcasts,
    intervalMs: number,
    onError: (error: unknown) => void,
  ) {
    this.task = new RepeatingTask(intervalMs, () => this.check(), onError);
  }

  stop(): Promise<void> {
    return this.task.stop();
  }

  private async check(): Promise<void> {
    const sockets = [...this.namespace.sockets.values()];
    const apps = new Set(sockets.map(socket => socket.data.app));
    const lastNotices = await readLastNotices(this.database, [...apps]);
    const lacking: ImSocket['data'][] = [];
    for (const slice of chunks(sockets, IN_LIST / 2)) {
      await this.closeEnded(slice);
      const inboxes = await this.tellHeads(slice);
      for (const { data } of slice) {
        if ((inboxes.get(data.userId)?.noticeSeq ?? 0) < (lastNotices.get(data.app) ?? 0)) lacking.push(data);
      }
    }
    await this.broadcasts.deliver(lacking);
  }

  private async tellHeads(sockets: readonly ImSocket[]): Promise<Map<number, Inbox>> {
    // From before the look: a push meanwhile is ahead of what it finds.
    const places = sockets.map(socket => socket.data.head);
    const heads = await readHeads(this.database, [...new Set(sockets.map(socket => socket.data.userId))]);
    for (const [index, socket] of sockets.entries()) {
      const inbox = heads.get(socket.data.userId);
      if (!inbox) continue;
      const { head, first, epoch } = inbox;
      const isSame = (socket.data.epoch ?? epoch) === epoch;
      // One that is behind a place it has passed was set back.
      if (isSame && head <= socket.data.head && head >= places[index]) continue;
      Object.assign(socket.data, { head, epoch });
      socket.emit('sync:head', { head, epoch, first });
    }
    return heads;
  }

  /**
   * Closes at the second look what it finds ended: a session's end is seen here before the call that makes it is answered, and
   * whoever made that call is owed the answer.
   */
  private async closeEnded(sockets: readonly ImSocket[]): Promise<void> {
    const keys = tuples(sockets.map(({ data }) => [data.userId, data.deviceId]));
    // Index: device PRIMARY.
    const living = `WHERE (user_id, device_id) IN (${keys}) AND session_id IS NOT NULL`;
    const rows = await this.database.select(select('device', ['session_id'], living));
    const alive = new Set(rows.map(row => row.session_id));
    for (const socket of sockets) {
      if (alive.has(socket.data.sessionId)) continue;
      if (!this.ended.has(socket)) {
        this.ended.add(socket);
        continue;
      }
      socket.emit('session:closed', { reason: 'revoked' });
      socket.disconnect(true);
    }
  }
}
