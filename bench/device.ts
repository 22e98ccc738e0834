import { Order } from 'egg-im-client';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { addressOf } from './parts';

export interface Acked {
  readonly clientMsgId: string;
  readonly conversationId: string;
  readonly seq: number;
}

interface Entry {
  readonly syncSeq: number;
  readonly type: string;
  readonly data: { readonly messages?: readonly Acked[] };
}

interface Failure {
  readonly code: string;
  readonly retryable: boolean;
}

type Answer<T> = { ok: true; data: T } | { ok: false; error: Failure };

const REORDER_MS = 200;
const ANSWER_MS = 6000;
const AGAIN_MS = 200;

/**
 * A device as docs/protocol.md asks it to be, on the real client and with the stream's order of the SDK, that writes down everything:
 * what it was acked, and every message it was given, in the order in which it was given them.
 */
export class Device {
  readonly acked: Acked[] = [];
  readonly given: Acked[] = [];
  /** The clientMsgIds of sends that are not answered, also by a refusal. */
  readonly unanswered = new Set<string>();
  /** How often sends were refused, by code. */
  readonly refusals = new Map<string, number>();
  /** What the protocol forbids and this device saw. */
  readonly offences: string[] = [];
  private readonly order = new Order<Entry>(0);
  private head = 0;
  private pulling = false;
  private acknowledged = 0;
  private readonly socket: Socket;
  private readonly timer;

  constructor(
    readonly name: string,
    port: number,
    auth: Record<string, unknown>,
    index: number,
  ) {
    const options = {
      transports: ['websocket'],
      // Read at each attempt: the device says how far it is.
      auth: (callback: (auth: object) => void) => callback({ ...auth, after: this.cursor }),
      reconnectionDelay: 100,
      reconnectionDelayMax: 500,
      forceNew: true,
      localAddress: addressOf(index),
    };
    this.socket = io(`http://127.0.0.1:${port}/im`, options);
    this.socket.on('connect_error', error => {
      if ('data' in error && error.data) this.offences.push(`${name} was refused: ${JSON.stringify(error.data)}`);
    });
    this.socket.on('sync:head', ({ head }: { head: number }) => {
      this.head = Math.max(this.head, head);
      if (head < this.cursor) void this.pull();
      else this.pullLater();
    });
    this.socket.on('sync:push', ({ entries }: { entries: Entry[] }) => {
      this.apply(entries);
      this.pullLater();
    });
    this.timer = setInterval(() => this.acknowledge(), 500);
  }

  /** The `syncSeq` of the last entry that was applied. */
  get cursor(): number {
    return this.order.last;
  }

  /** Sends until it is acked, with one clientMsgId all along. */
  async send(conversationId: string, text: string): Promise<void> {
    const clientMsgId = randomUUID();
    for (;;) {
      if (this.socket.connected) this.unanswered.add(clientMsgId);
      const answer = await this.request<Acked>('message:send', {
        conversationId,
        clientMsgId,
        type: 'text',
        content: { text },
      });
      if (answer) this.unanswered.delete(clientMsgId);
      if (answer?.ok) {
        this.acked.push(answer.data);
        return;
      }
      if (answer) {
        const { code, retryable } = answer.error;
        this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
        if (!retryable) return void this.offences.push(`${this.name} was refused a message: ${code}`);
      }
      await sleep(AGAIN_MS);
    }
  }

  async read(conversationId: string, seq: number): Promise<void> {
    await this.request('conversation:read', { conversationId, seq });
  }

  /** Pulls until it has everything. */
  async catchUp(): Promise<void> {
    while (await this.pull());
  }

  goOffline(): void {
    this.socket.disconnect();
  }

  comeBack(): void {
    this.socket.connect();
  }

  close(): void {
    clearInterval(this.timer);
    this.socket.disconnect();
  }

  private async request<T>(event: string, payload: object): Promise<Answer<T> | undefined> {
    if (!this.socket.connected) return undefined;
    try {
      return (await this.socket.timeout(ANSWER_MS).emitWithAck(event, payload)) as Answer<T>;
    } catch {
      return undefined;
    }
  }

  private apply(entries: readonly Entry[]): void {
    const { order } = this;
    order.add(entries);
    const ready = order.next();
    order.advance(order.last + ready.length);
    for (const { type, data } of ready) if (type === 'message.new') this.given.push(...data.messages!);
  }

  /** One page; says whether to pull again. Nothing is purged or set back here, so nobody may be told to begin anew. */
  private async pull(): Promise<boolean> {
    const answer = await this.request<{ entries: Entry[]; head: number; hasMore: boolean; resync?: boolean }>(
      'sync:pull',
      { after: this.cursor },
    );
    if (!answer?.ok) {
      await sleep(AGAIN_MS);
      return true;
    }
    const { entries, head, hasMore, resync } = answer.data;
    if (resync) {
      this.offences.push(`${this.name} was told at ${this.cursor} to begin anew at ${head}`);
      this.order.restart(head);
      this.head = head;
    } else this.apply(entries);
    return hasMore;
  }

  private get isBehind(): boolean {
    return this.order.hasGap || this.head > this.cursor;
  }

  /** Waits a moment for a push that was overtaken, then pulls. */
  private pullLater(): void {
    if (this.pulling || !this.isBehind) return;
    this.pulling = true;
    void sleep(REORDER_MS).then(async () => {
      if (this.isBehind && this.socket.connected) await this.pull();
      this.pulling = false;
      if (this.socket.connected) this.pullLater();
    });
  }

  private acknowledge(): void {
    if (this.cursor === this.acknowledged || !this.socket.connected) return;
    this.acknowledged = this.cursor;
    this.socket.emit('sync:ack', { syncSeq: this.cursor });
  }
}
