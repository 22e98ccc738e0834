import assert from 'node:assert/strict';
import io2 from 'socket.io-client-2';
import type { DelMsg, SendMsg, SystemNot, Told } from '../../app/protocol/socketio/told';
import type { Failure } from './refusal';
import { people, type Person } from './person';
import { app, url } from './service';

/** What a client of 2.x has. */
interface Socket extends NodeJS.EventEmitter {
  readonly id: string;
  open(): void;
  disconnect(): void;
}

interface Failed {
  readonly event: string;
  readonly error: Failure;
}

const open = new Set<Socket>();

afterEach(() => {
  for (const socket of open) socket.disconnect();
  open.clear();
});

export interface Options {
  readonly server?: string;
  /** What it says of itself; by default the user's id and token. */
  readonly conn?: unknown;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly transports?: readonly string[];
}

/** The client of the document: it connects, says `conn` whenever it is connected, and sorts what comes as `broadcastingListen`. */
export class PrivateClient {
  readonly arrays: (readonly string[])[] = [];
  readonly failures: Failed[] = [];
  /** How often `conn` was answered, and with what. */
  readonly oks: unknown[] = [];
  /** Why connections have ended. */
  readonly ends: string[] = [];
  readonly socket: Socket;

  constructor(conn: unknown, { server = url(), query, headers, transports = ['websocket'] }: Options = {}) {
    const rest = { forceNew: true, reconnectionDelay: 10, transports, query, extraHeaders: headers };
    this.socket = io2(server, rest) as Socket;
    open.add(this.socket);
    if (conn !== undefined) this.socket.on('connect', () => this.socket.emit('conn', conn));
    this.socket.on('conn', (ok: unknown) => this.oks.push(ok));
    this.socket.on('broadcastingListen', (strings: readonly string[]) => this.arrays.push(strings));
    this.socket.on('request:failed', (failed: Failed) => this.failures.push(failed));
    this.socket.on('disconnect', (reason: string) => this.ends.push(reason));
  }

  /** Resolves when `conn` is answered. */
  static async open(me: Person, options: Options = {}): Promise<PrivateClient> {
    const { conn = connOf(me) } = options;
    const client = new PrivateClient(conn, options);
    await client.entered(1);
    return client;
  }

  get told(): Told[] {
    return this.arrays.flat().map(text => JSON.parse(text) as Told);
  }

  get messages(): SendMsg[] {
    return this.told.flatMap(told => (told._method_ === 'SendMsg' ? told : []));
  }

  get deletions(): DelMsg[] {
    return this.told.flatMap(told => (told._method_ === 'DelMsg' ? told : []));
  }

  get notices(): SystemNot[] {
    return this.told.flatMap(told => (told._method_ === 'SystemNot' ? told : []));
  }

  emit(event: string, payload: unknown): void {
    this.socket.emit(event, payload);
  }

  /** Resolves with the ack, which the document's client does not ask for. */
  ask<T>(event: string, payload: unknown): Promise<T> {
    return new Promise(resolve => this.socket.emit(event, payload, resolve));
  }

  /** Resolves when so many `conn` are answered. */
  async entered(howOften: number): Promise<void> {
    await this.until(() => this.oks.length >= howOften || this.failures.length > 0 || undefined, 'conn');
    assert.deepEqual(this.failures, []);
    assert.deepEqual(this.oks.at(-1), ['ok']);
  }

  /** The message with this text. */
  message(ct: string): Promise<SendMsg> {
    return this.until(() => this.messages.find(each => each.ct === ct), `the message ${ct}`);
  }

  deletion(msgid: string): Promise<DelMsg> {
    return this.until(() => this.deletions.find(each => each.msgid === msgid), `the deletion of ${msgid}`);
  }

  notice(ct: string): Promise<SystemNot> {
    return this.until(() => this.notices.find(each => each.ct === ct), `the notice ${ct}`);
  }

  /** The code of the next failure after those that there were. */
  async refusal(known = 0): Promise<string> {
    return (await this.until(() => this.failures.at(known), 'a refusal')).error.code;
  }

  /** Why the connection has ended. */
  ended(): Promise<string> {
    return this.until(() => this.ends.at(0), 'the end');
  }

  until<T>(look: () => T | undefined, what: string): Promise<T> {
    const events = ['conn', 'broadcastingListen', 'request:failed', 'disconnect'];
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        for (const event of events) this.socket.off(event, again);
        settle();
      };
      const again = () => {
        const seen = look();
        if (seen !== undefined) end(() => resolve(seen));
      };
      const timer = setTimeout(() => {
        const { oks, told, failures, ends } = this;
        const came = JSON.stringify({ oks, told, failures, ends });
        end(() => reject(new Error(`waited in vain for ${what}; arrived: ${came}`)));
      }, 5000);
      for (const event of events) this.socket.on(event, again);
      again();
    });
  }
}

/** What the document's client says of a user, and the token. */
export function connOf({ id, session }: Person) {
  const { accessToken: token, user } = session;
  return { uid: Number(id), nickname: user.name, avatar: 'https://localhost/images/face.png', token };
}

/** Both users with a client each. */
export async function pair(options: Options = {}): Promise<[Person, Person, PrivateClient, PrivateClient]> {
  const [ann, bob] = await people(2);
  const clients = await Promise.all([ann, bob].map(each => PrivateClient.open(each, options)));
  return [ann, bob, clients[0], clients[1]];
}

/** Whether it will be sent away as one who wants nothing here. */
export function isStranger({ socket }: PrivateClient): boolean {
  return app.connections.isStranger(app.io.of('/').sockets.get(socket.id)!.conn);
}

interface Page {
  readonly status: number;
  readonly rows: readonly (SendMsg & { readonly time: string })[];
  readonly nextCursor?: string;
}

/** Of the messages of a user over HTTP. */
export async function history(who: Person, rest: string, method = 'GET'): Promise<Page> {
  const headers = { authorization: `Bearer ${who.session.accessToken}` };
  const response = await fetch(`${url()}/socketio/messages${rest}`, { method, headers });
  const { data, nextCursor } = (await response.json()) as { data: Page['rows']; nextCursor?: string };
  return { status: response.status, rows: data, nextCursor };
}
