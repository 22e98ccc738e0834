import type { Static } from '@sinclair/typebox';
import { io as io4 } from 'socket.io-client';
import io2 from 'socket.io-client-2';
import { io as io3 } from 'socket.io-client-3';
import { eventOf, type CallName, type Data, type WireInput } from '../../app/schema/calls';
import { serverEvents } from '../../app/schema/events';
import type { SentMessage } from '../../app/schema/message';
import { Refusal, type Failure } from './refusal';
import { Replica } from './replica';

/** What the three generations of the client have in common. */
export interface Wire {
  on(event: string, listener: (...args: never[]) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  disconnect(): unknown;
}

export interface ConnectOptions {
  readonly version?: 2 | 3 | 4;
  /** Where the credentials go; clients of 2.x know the query alone. */
  readonly credentials?: 'auth' | 'query';
  readonly auth?: Record<string, unknown>;
  readonly transports?: readonly string[];
  readonly after?: number;
  readonly reconnection?: boolean;
  readonly headers?: Record<string, string>;
}

type Ack = { readonly ok: true; readonly data: unknown } | { readonly ok: false; readonly error: Failure };
/** `group:show` is the event of the call `group.show`. */
type CallOf<E extends string> = E extends `${infer Noun}:${infer Verb}` ? Extract<CallName, `${Noun}.${Verb}`> : never;
type EventName = CallName extends infer N extends string
  ? N extends `${infer A}.${infer B}`
    ? `${A}:${B}`
    : never
  : never;
type ServerEvent = keyof typeof serverEvents;
type Payload<E extends ServerEvent> = Static<(typeof serverEvents)[E]['payload']>;

const PATIENCE_MS = 5000;
const open = new Set<Wire>();

afterEach(() => {
  for (const wire of open) wire.disconnect();
  open.clear();
});

function dial(url: string, credentials: object, options: ConnectOptions): Wire {
  const { version = 4, headers } = options;
  const place = options.credentials ?? (version === 2 ? 'query' : 'auth');
  const { reconnection = false, transports = ['websocket'] } = options;
  // A test's certificate is signed by nobody.
  const rest = {
    rejectUnauthorized: false,
    forceNew: true,
    reconnection,
    reconnectionDelay: 50,
    reconnectionDelayMax: 200,
    transports,
  };
  const all = { ...rest, [place]: credentials, ...(headers && { extraHeaders: headers }) };
  const target = `${url}/im`;
  if (version === 2) return io2(target, all) as Wire;
  return version === 3 ? io3(target, all as never) : io4(target, all as never);
}

/** A connected device that keeps what it is told, and applies its entries. */
export class Client {
  readonly replica: Replica;
  private readonly received: { readonly event: string; readonly payload: unknown }[] = [];
  private readonly watchers = new Set<() => void>();

  private constructor(
    readonly wire: Wire,
    after: number,
  ) {
    this.replica = new Replica(place => this.request('sync:pull', { after: place }), after);
    for (const event of [...Object.keys(serverEvents), 'connect', 'connect_error', 'error', 'disconnect']) {
      wire.on(event, (payload: unknown) => this.note(event, payload));
    }
    wire.on('sync:push', ({ entries }: Payload<'sync:push'>) => this.follow(this.replica.take(entries)));
    wire.on('sync:head', ({ head }: Payload<'sync:head'>) => this.follow(this.replica.reach(head)));
    open.add(wire);
  }

  /** Resolves once the server has let the device in and told it where its stream stands. Throws Refusal. */
  static async connect(url: string, credentials: object, options: ConnectOptions): Promise<Client> {
    const { after } = options;
    const wire = dial(url, { ...credentials, ...(after !== undefined && { after }) }, options);
    const client = new Client(wire, after ?? 0);
    await client.until(() => client.told('sync:head')[0] ?? client.refusal(), 'sync:head or a refusal');
    const refusal = client.refusal();
    if (refusal) throw refusal;
    return client;
  }

  /** Sends an event and resolves with the data of its ack. Throws Refusal. */
  async request<E extends EventName>(event: E, payload: unknown): Promise<Data<CallOf<E>>> {
    return (await this.acked(event, payload)) as Data<CallOf<E>>;
  }

  /** The event of a call. Throws Refusal. */
  async call<N extends CallName>(name: N, input: WireInput<N>): Promise<Data<N>> {
    return (await this.acked(eventOf(name)!, input)) as Data<N>;
  }

  /** The same for arguments, and names, of any kind. */
  async acked(event: string, ...args: unknown[]): Promise<unknown> {
    const answers: Ack[] = [];
    this.wire.emit(event, ...args, (answer: Ack) => {
      answers.push(answer);
      this.look();
    });
    const answer = await this.until(() => answers[0] as Ack | undefined, `the ack of ${event}`);
    if (!answer.ok) throw new Refusal(answer.error);
    return answer.data;
  }

  send(message: object): Promise<SentMessage> {
    return this.request('message:send', message);
  }

  /** Everything of that name so far. */
  told<E extends ServerEvent>(event: E): Payload<E>[] {
    return this.received.filter(each => each.event === event).map(each => each.payload as Payload<E>);
  }

  /** The first of that name, come or yet to come. */
  first<E extends ServerEvent>(event: E): Promise<Payload<E>> {
    return this.until(() => this.told(event)[0] as Payload<E> | undefined, event);
  }

  /** Waits until the device has applied its stream up to a place. */
  async reaches(syncSeq: number): Promise<void> {
    await this.until(() => this.replica.last >= syncSeq || undefined, `entry ${syncSeq}`);
  }

  /** Why the server, or the network, has closed the connection. */
  async closed(): Promise<string> {
    const isClose = ({ event }: { event: string }) => event === 'disconnect';
    return (await this.until(() => this.received.find(isClose), 'the connection to be closed')).payload as string;
  }

  /** Looks again whenever something arrives; gives up with what did arrive. */
  until<T>(look: () => T | undefined, what: string, patience = PATIENCE_MS): Promise<T> {
    const seen = look();
    if (seen !== undefined) return Promise.resolve(seen);
    return new Promise((resolve, reject) => {
      const watcher = () => {
        const now = look();
        if (now !== undefined) end(() => resolve(now));
      };
      const timer = setTimeout(() => {
        const names = this.received.map(each => each.event).join(', ');
        end(() => reject(new Error(`waited ${patience} ms in vain for ${what}; arrived: ${names || 'nothing'}`)));
      }, patience);
      const end = (settle: () => void) => {
        clearTimeout(timer);
        this.watchers.delete(watcher);
        settle();
      };
      this.watchers.add(watcher);
    });
  }

  private refusal(): Refusal | undefined {
    const refused = this.received.find(({ event }) => event === 'connect_error' || event === 'error');
    if (!refused) return undefined;
    // Clients of 2.x are given the failure alone, later ones an Error that carries it.
    const { data } = refused.payload as { data?: Failure };
    const failure = data ?? (refused.payload as Failure);
    if (typeof failure.retryable !== 'boolean') throw new Error(`no failure: ${JSON.stringify(refused.payload)}`);
    return new Refusal(failure);
  }

  private note(event: string, payload: unknown): void {
    this.received.push({ event, payload });
    this.look();
  }

  private follow(applied: Promise<void>): void {
    applied.then(
      () => this.look(),
      // A pull that the end of the test, or of the session, has cut off.
      () => undefined,
    );
  }

  private look(): void {
    for (const watcher of this.watchers) watcher();
  }
}
