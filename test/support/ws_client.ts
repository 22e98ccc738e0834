import assert from 'node:assert/strict';
import { once, type EventEmitter } from 'node:events';
import { io as io4 } from 'socket.io-client';
import io2 from 'socket.io-client-2';
import { io as io3 } from 'socket.io-client-3';
import type { WsMessage } from '../../app/protocol/ws/message';
import type { Person } from './person';
import { Refusal, type Failure } from './refusal';
import { url } from './service';

/** What the three generations of the client have in common. */
interface Wire extends EventEmitter {
  readonly connected: boolean;
  readonly io: { readonly engine: { close(): unknown } };
  connect(): unknown;
  disconnect(): unknown;
}

export interface WsOptions {
  readonly version?: 2 | 3 | 4;
  readonly server?: string;
  readonly auth?: Record<string, unknown>;
  readonly query?: Record<string, string>;
  readonly extraHeaders?: Record<string, string>;
  readonly transports?: readonly string[];
  readonly reconnection?: boolean;
}

type Make = (address: string, options: object) => Wire;

const open = new Set<Wire>();

afterEach(() => {
  for (const wire of open) wire.disconnect();
  open.clear();
});

/** A client of the conversations service: it emits `message` and `join`, and keeps what `message` brings. */
export class WsClient {
  readonly messages: WsMessage[] = [];
  readonly failures: { readonly event: string; readonly error: Failure }[] = [];

  private constructor(readonly wire: Wire) {
    wire.on('message', (message: WsMessage) => this.messages.push(message));
    wire.on('request:failed', (failed: { event: string; error: Failure }) => this.failures.push(failed));
    open.add(wire);
  }

  /** With its token in the handshake. Throws Refusal. */
  static of({ session: { accessToken: token } }: Person, options: WsOptions = {}): Promise<WsClient> {
    return this.dial({ [options.version === 2 ? 'query' : 'auth']: { token }, ...options });
  }

  /** Resolves when it is let in. Throws Refusal. */
  static async dial({ version = 4, server = url(), ...options }: WsOptions): Promise<WsClient> {
    const make = { 2: io2, 3: io3, 4: io4 }[version] as unknown as Make;
    const rest = { forceNew: true, reconnectionDelay: 10, transports: ['websocket'] };
    const client = new WsClient(make(`${server}/ws`, { ...rest, ...options }));
    await client.connected();
    return client;
  }

  /** Resolves when it is let in, for the first time or again. Throws Refusal. */
  async connected(): Promise<void> {
    const refused = new Promise<never>((_resolve, reject) => {
      const refuse = (failure: Failure & { readonly data?: Failure }) => reject(new Refusal(failure.data ?? failure));
      for (const event of ['connect_error', 'error']) this.wire.once(event, refuse);
    });
    await Promise.race([this.next('connect'), refused]);
  }

  say(message: object, ...participants: string[]): void {
    this.wire.emit('message', { participants, message });
  }

  /** The data of the ack. Throws Refusal. */
  async ask(event: string, payload: unknown): Promise<Record<string, string> | undefined> {
    const answer = await new Promise<{ ok: boolean; data?: Record<string, string>; error: Failure }>(resolve =>
      this.wire.emit(event, payload, resolve),
    );
    if (!answer.ok) throw new Refusal(answer.error);
    return answer.data;
  }

  /** Resolves with the message of this body, come or yet to come. */
  async hears(body: string): Promise<WsMessage> {
    for (;;) {
      const found = this.messages.find(each => each.body === body);
      if (found) return found;
      await this.next('message');
    }
  }

  /** The code of the next refusal that no ack carries. */
  async failure(): Promise<string> {
    if (this.failures.length === 0) await this.next('request:failed');
    const [{ event, error }] = this.failures.splice(0, 1);
    assert.equal(event, 'message');
    return error.code;
  }

  async next(event: string): Promise<unknown> {
    const [payload] = (await once(this.wire, event, { signal: AbortSignal.timeout(5000) })) as unknown[];
    return payload;
  }
}
