import { chunks, literal, type Database } from './database';
import type { ImNamespace, ImSocket } from './push';
import { readHeads } from './stream';

const DEVICES = 500;

/**
 * The look that makes pushes a matter of speed and not of luck: at every beat a node compares the streams of its online
 * users with what it has sent them, and tells the devices that are behind. It also lets go of sockets whose session
 * has ended without this node hearing of it.
 */
export class Beat {
  private readonly timer;
  private running = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly namespace: ImNamespace,
    private readonly database: Database,
    private readonly intervalMs: number,
    private readonly onError: (error: unknown) => void,
  ) {
    this.timer = setTimeout(() => this.next(), this.intervalMs).unref();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private next(): void {
    this.running = this.beat()
      .catch(this.onError)
      .finally(() => {
        if (!this.stopped) this.timer.refresh();
      });
  }

  private async beat(): Promise<void> {
    const sockets = [...this.namespace.sockets.values()];
    for (const slice of chunks(sockets, DEVICES)) {
      await this.closeEnded(slice);
      await this.tellHeads(slice);
    }
  }

  private async tellHeads(sockets: readonly ImSocket[]): Promise<void> {
    const heads = await readHeads(this.database, [...new Set(sockets.map(socket => socket.data.userId))]);
    for (const socket of sockets) {
      const head = heads.get(socket.data.userId);
      if (!head || head.head <= socket.data.head) continue;
      socket.data.head = head.head;
      socket.emit('sync:head', head);
    }
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
