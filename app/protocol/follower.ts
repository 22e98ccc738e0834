import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../schema/errors';
import type { Entry } from '../schema/sync';
import type { LocalClient } from './local_client';

/** How long a push that was overtaken is waited for, how long a failed pull, and how often the server is told of the place. */
const LATE_MS = 200;
const AGAIN_MS = 1000;
const ACK_MS = 1000;

export interface Told {
  readonly apply: (entry: Entry) => void;
  /** What was told does not hold any more. */
  readonly reset: () => void;
}

/**
 * Follows the stream of a user from now on, by the rules of docs/protocol.md: each entry is given once and in order. What was
 * before, the clients of older protocols ask for by their own means.
 */
export class Follower {
  /** Resolves when nothing that is stored from now on is missed. Throws UNAVAILABLE when the connection ends first. */
  readonly ready: Promise<void>;
  private last?: number;
  private epoch?: string;
  private isBehind = false;
  private isCatchingUp = false;
  private ackTimer?: NodeJS.Timeout;

  constructor(
    private readonly client: LocalClient,
    private readonly told: Told,
  ) {
    this.ready = new Promise((resolve, reject) => {
      client.on('sync:head', () => resolve());
      client.onClose(() => reject(new AppError('UNAVAILABLE')));
    });
    // For who does not wait for it.
    this.ready.catch(() => undefined);
    client.on('sync:head', stream => this.see(stream));
    client.on('sync:push', ({ entries }) => this.receive(entries));
    client.onClose(() => clearTimeout(this.ackTimer));
  }

  private see(stream: { readonly head: number; readonly epoch: string }): void {
    if (this.last === undefined) Object.assign(this, { last: stream.head, epoch: stream.epoch });
    else if (stream.epoch !== this.epoch) this.begin(stream);
    else if (stream.head !== this.last) this.catchUp();
  }

  private begin({ head: last, epoch }: { readonly head: number; readonly epoch: string }): void {
    Object.assign(this, { last, epoch });
    this.told.reset();
  }

  private receive(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (this.last === undefined || entry.syncSeq <= this.last) continue;
      if (entry.syncSeq > this.last + 1) return this.catchUp();
      this.last = entry.syncSeq;
      this.told.apply(entry);
    }
    this.ackTimer ??= setTimeout(() => this.acknowledge(), ACK_MS).unref();
  }

  private acknowledge(): void {
    this.ackTimer = undefined;
    // One that is refused is made good by the next.
    this.client.call('sync.ack', { syncSeq: this.last! }).then(
      ({ resync }) => resync && this.catchUp(),
      () => undefined,
    );
  }

  private catchUp(): void {
    this.isBehind = true;
    if (this.isCatchingUp) return;
    this.isCatchingUp = true;
    void this.pullAll();
  }

  private async pullAll(): Promise<void> {
    await sleep(LATE_MS);
    while (this.isBehind && this.client.isOpen) {
      this.isBehind = false;
      await this.pull().catch(() => {
        this.isBehind = true;
        return sleep(AGAIN_MS);
      });
    }
    this.isCatchingUp = false;
  }

  private async pull(): Promise<void> {
    for (let more = true; more;) {
      const page = await this.client.call('sync.pull', { after: this.last! });
      if (page.resync || page.epoch !== this.epoch) return this.begin(page);
      this.receive(page.entries);
      more = page.hasMore;
    }
  }
}
