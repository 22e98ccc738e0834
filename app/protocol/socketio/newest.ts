import type { Application } from 'egg';
import type { Messenger } from './messenger';

/** The one connection that each user has: a newer one, at this node or another, ends an older one. */
export class Newest {
  private readonly messengers = new Map<number, { readonly messenger: Messenger; readonly at: number }>();

  constructor(private readonly app: Application) {
    app.io.on('socketio:conn', (userId, at) => this.end(userId, at));
  }

  async enter(messenger: Messenger): Promise<void> {
    const { userId } = messenger;
    const at = await this.now();
    this.end(userId, Infinity);
    if (!messenger.isOpen) return;
    this.messengers.set(userId, { messenger, at });
    messenger.onClose(() => this.leave(messenger));
    this.app.io.serverSideEmit('socketio:conn', userId, at);
  }

  /** Microseconds by the clock of Redis, by which the nodes agree who is the newer one; without it they do not hear of each other. */
  private async now(): Promise<number> {
    const time = await this.app.redis.time().catch(() => [Date.now() / 1000, 0]);
    // They come as texts.
    const [seconds, microseconds] = time.map(Number);
    return seconds * 1e6 + microseconds;
  }

  private end(userId: number, before: number): void {
    const known = this.messengers.get(userId);
    if (known && known.at < before) known.messenger.replace();
  }

  private leave(messenger: Messenger): void {
    if (this.messengers.get(messenger.userId)?.messenger === messenger) this.messengers.delete(messenger.userId);
  }
}
