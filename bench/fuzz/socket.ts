import { WebSocket } from 'ws';

/** Longer than the service may take: a file is looked at for up to a minute, and what a lost push has not told comes within 30 s. */
export const PATIENCE_MS = 70_000;
/** Characters of a packet that may be past the limit, which closes the connection. */
const LARGE = 200_000;

/**
 * What became of an event: its ack, or none: the connection was closed, cut because of a packet past the limit, or refused, or
 * nothing came in time.
 */
export type Told = { readonly ack: unknown } | 'closed' | 'cut' | 'nothing' | 'refused';

/** Where a connection goes to, and how. */
export interface Door {
  /** The version of Engine.IO's protocol. */
  readonly eio: 3 | 4;
  /** As packets have it; empty for the namespace /, in which clients of 2.x are from the beginning. */
  readonly namespace: '/im,' | '/ws,' | '';
  /** The packet that asks to be let in; none in the namespace /. */
  readonly hello?: string;
  /** Is told of every event of the server. */
  readonly onEvent: (event: string, payload: unknown) => void;
}

/** As which an answer to an event is known that is another event. */
type IsAnswer = (event: string, payload: unknown) => boolean;

/** Those who came by protocol 3 have to say that they are there. */
const PING_MS = 20_000;

/** A connection of Socket.IO that writes what it is given, right or wrong. */
export class RawSocket {
  private readonly waiting = new Map<number, (told: Told) => void>();
  private answered?: { readonly isAnswer: IsAnswer; readonly resolve: (told: Told) => void };
  private nextId = 0;

  private constructor(
    private readonly socket: WebSocket,
    private readonly door: Door,
  ) {}

  /** Undefined when it is refused; `onRefused` is told what the refusal says. */
  static connect(url: string, door: Door, onRefused?: (refusal: unknown) => void): Promise<RawSocket | undefined> {
    const { eio, namespace, hello } = door;
    return new Promise(resolve => {
      const address = `${url.replace('http', 'ws')}/socket.io/?EIO=${eio}&transport=websocket`;
      const socket = new WebSocket(address, { perMessageDeflate: false });
      const client = new RawSocket(socket, door);
      const timer = setInterval(() => eio === 3 && socket.send('2'), PING_MS).unref();
      socket.on('error', () => resolve(undefined));
      socket.on('close', () => {
        clearInterval(timer);
        client.end();
        resolve(undefined);
      });
      socket.on('message', (frame: Buffer, isBinary) => {
        const text = isBinary ? '' : frame.toString();
        if (text.startsWith('0')) socket.send(hello ?? '2');
        else if (text.startsWith(`40${namespace}`)) resolve(client);
        else if (text.startsWith(`44${namespace}`)) {
          onRefused?.(JSON.parse(text.slice(2 + namespace.length)));
          socket.close();
        } else client.receive(text);
      });
    });
  }

  get open(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Sends an event with an ack. `attachment` goes with it as a binary frame. */
  request(args: string, attachment?: Buffer): Promise<Told> {
    const { eio, namespace } = this.door;
    const id = this.nextId++;
    const told = this.told(resolve => this.waiting.set(id, resolve));
    this.socket.send(`4${attachment ? '51-' : '2'}${namespace}${id}${args}`);
    // Protocol 3 says of binary frames, too, that they are messages.
    if (attachment) this.socket.send(eio === 3 ? Buffer.concat([Buffer.of(4), attachment]) : attachment);
    return told.finally(() => this.waiting.delete(id));
  }

  /** Sends an event without an ack, and resolves with the failure that comes for it as `request:failed`, or another answer. */
  emit(args: string, isAnswer: IsAnswer = () => false): Promise<Told> {
    const told = this.told(resolve => (this.answered = { isAnswer, resolve }));
    this.socket.send(`42${this.door.namespace}${args}`);
    return told.finally(() => (this.answered = undefined));
  }

  /** Sends what is no event, upon which a server closes. */
  junk(text: string): Promise<Told> {
    const told = this.told(resolve => this.waiting.set(-1, resolve));
    this.socket.send(text);
    return told.finally(() => this.waiting.delete(-1));
  }

  close(): void {
    this.socket.terminate();
  }

  private told(wait: (resolve: (told: Told) => void) => void): Promise<Told> {
    return new Promise(resolve => {
      if (!this.open) return resolve('closed');
      const timer = setTimeout(() => resolve('nothing'), PATIENCE_MS);
      wait(told => {
        clearTimeout(timer);
        resolve(told);
      });
    });
  }

  private end(): void {
    for (const resolve of this.waiting.values()) resolve('closed');
    this.answered?.resolve('closed');
  }

  private receive(text: string): void {
    const { namespace, onEvent } = this.door;
    const packet = text.slice(2 + namespace.length);
    if (text === '2') this.socket.send('3');
    else if (text.startsWith(`43${namespace}`)) {
      const start = packet.indexOf('[');
      const [ack] = JSON.parse(packet.slice(start)) as unknown[];
      this.waiting.get(Number(packet.slice(0, start)))?.({ ack });
    } else if (text.startsWith(`42${namespace}`)) {
      const [event, payload] = JSON.parse(packet) as [string, unknown];
      onEvent(event, payload);
      if (event === 'request:failed')
        this.answered?.resolve({ ack: { ok: false, error: (payload as { error: unknown }).error } });
      else if (this.answered?.isAnswer(event, payload)) this.answered.resolve({ ack: { ok: true, data: payload } });
    }
  }
}

/** What became of an event over a connection; undefined when there is none. A packet past the limit may close it. */
export async function tellBy(
  socket: RawSocket | undefined,
  send: (socket: RawSocket) => Promise<Told>,
  payload = '',
): Promise<Told> {
  const told = socket ? await send(socket) : 'refused';
  return told === 'closed' && payload.length > LARGE ? 'cut' : told;
}
