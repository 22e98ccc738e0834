import { chunks, literal, type Database } from '../database/pool';
import { readLastNotices, type Broadcasts } from './broadcasts';
import { RepeatingTask } from '../queue/repeating_task';
import type { ImNamespace, ImSocket } from './publisher';
import { readHeads, type Inbox } from './stream';

const DEVICES = 500;

/**
 * The look that makes pushes a matter of speed and not of luck: at every beat a node compares the streams of its online
 * users with what it has sent them, and tells the devices that are behind. It also lets go of sockets whose session
 * has ended without this node hearing of it.
 */
export class HeadCheck {
  private readonly pulse;

  constructor(
    private readonly namespace: ImNamespace,
    private readonly database: Database,
    private readonly notices: Broadcasts,
    intervalMs: number,
    onError: (error: unknown) => void,
  ) {
    this.pulse = new RepeatingTask(intervalMs, () => this.beat(), onError);
  }

  stop(): Promise<void> {
    return this.pulse.stop();
  }

  private async beat(): Promise<void> {
    const sockets = [...this.namespace.sockets.values()];
    const apps = new Set(sockets.map(socket => socket.data.app));
    const lastNotices = await readLastNotices(this.database, [...apps]);
    const lacking: ImSocket['data'][] = [];
    for (const slice of chunks(sockets, DEVICES)) {
      await this.closeEnded(slice);
      const inboxes = await this.tellHeads(slice);
      for (const { data } of slice) {
        if ((inboxes.get(data.userId)?.noticeSeq ?? 0) < (lastNotices.get(data.app) ?? 0)) lacking.push(data);
      }
    }
    await this.notices.deliver(lacking);
  }

  private async tellHeads(sockets: readonly ImSocket[]): Promise<Map<number, Inbox>> {
    const heads = await readHeads(this.database, [...new Set(sockets.map(socket => socket.data.userId))]);
    for (const socket of sockets) {
      const { head = 0, first } = heads.get(socket.data.userId) ?? {};
      if (head <= socket.data.head) continue;
      socket.data.head = head;
      socket.emit('sync:head', { head, first });
    }
    return heads;
  }

  private async closeEnded(sockets: readonly ImSocket[]): Promise<void> {
    const keys = sockets.map(({ data }) => `(${data.userId},${literal(data.deviceId)})`).join();
    // Index: device PRIMARY.
    const rows = await this.database.select(
      `SELECT session_id FROM device WHERE (user_id, device_id) IN (${keys}) AND session_id IS NOT NULL`,
    );
    const alive = new Set(rows.map(row => row.session_id));
    for (const socket of sockets) {
      if (alive.has(socket.data.sessionId)) continue;
      socket.emit('session:closed', { reason: 'revoked' });
      socket.disconnect(true);
    }
  }
}
