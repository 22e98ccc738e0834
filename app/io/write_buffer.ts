import type { ServerResponse } from 'node:http';
import type { Socket as TcpSocket } from 'node:net';
import { finished } from 'node:stream/promises';
import type { WebSocket } from 'ws';
import type { Delivery } from '../lib/queue/pages';
import type { ImSocket } from '../lib/stream/socket';

type Connection = ImSocket['conn'];
type Transport = Connection['transport'];

/**
 * What engine.io and ws keep to themselves: where packets that wait are written, the connection below, and the response that a
 * client who polls waits for.
 */
interface Internals {
  flush: () => void;
  readonly transport: { readonly socket?: { readonly _socket?: TcpSocket | null }; readonly res?: ServerResponse };
}

/** How much may be held back, in characters. */
export interface HeldBounds {
  /** For one connection. */
  readonly connection: number;
  /** For all of this worker. */
  readonly all: number;
}

/** What is to be written at the end of this turn of the event loop. */
const writes = new Set<() => void>();

function writeAll(): void {
  const due = [...writes];
  writes.clear();
  for (const write of due) write();
}

/** A connection that has held something for so long does not read, or hardly. */
const STALLED_MS = 2000;

/** Characters that all connections of this worker have been given and have not sent. */
let heldByAll = 0;

/** What a connection has been given and has not sent, with what the transport has of it. */
class Held {
  /** Characters given in all, and of these those sent. */
  given = 0;
  gone = 0;
  private since = 0;
  private waiting: { readonly until: number; readonly resolve: () => void }[] = [];

  get length(): number {
    return this.given - this.gone;
  }

  isTooMuch({ connection, all }: HeldBounds): boolean {
    return this.length > connection || (heldByAll > all && this.isStalled);
  }

  private get isStalled(): boolean {
    return this.length > 0 && performance.now() - this.since > STALLED_MS;
  }

  give(length: number): void {
    if (this.length === 0) this.since = performance.now();
    this.given += length;
    heldByAll += length;
  }

  /** Of what was given, so many characters are sent. */
  send(until: number): void {
    heldByAll -= until - this.gone;
    this.gone = until;
    this.since = performance.now();
    for (const { resolve } of this.waiting.filter(each => each.until <= until)) resolve();
    this.waiting = this.waiting.filter(each => each.until > until);
  }

  /** Resolves when all that has been given by now is sent. */
  sent(): Promise<void> {
    if (this.length === 0) return Promise.resolve();
    return new Promise(resolve => this.waiting.push({ until: this.given, resolve }));
  }
}

/**
 * Writes what a connection is given within one turn of the event loop at the end of the turn, and in one piece: an ack and a
 * push to the same device leave in one system call, where engine.io would make one for each packet.
 *
 * Cuts a connection off that is given more while it still holds back more than its bound, or while it reads nothing and all of
 * them hold back more than theirs: a device that is slow or gone comes back and pulls. Nothing is waited for, and nobody else
 * waits. So too when writing to it fails.
 */
export function bufferWrites(connection: Connection, bounds: HeldBounds, onError: (error: unknown) => void): Delivery {
  const held = new Held();
  const sending = new Sending(connection, held);
  const cut = () => sending.cut();
  const write = writerOf(connection, error => {
    onError(error);
    cut();
  });
  connection.on('packetCreate', ({ data }: { data?: string | Buffer }) => {
    if (held.isTooMuch(bounds)) write();
    if (held.isTooMuch(bounds)) cut();
    else held.give(data?.length ?? 0);
  });
  return { sent: () => held.sent(), cut };
}

/** A plain WebSocket that holds no more than a connection may. */
export interface BufferedSocket {
  send(text: string): void;
  readonly delivery: Delivery;
}

/** The same for a socket that is not one of Socket.IO's. */
export function bufferSocket(socket: WebSocket, bounds: HeldBounds): BufferedSocket {
  const held = new Held();
  const cut = () => socket.terminate();
  socket.once('close', () => held.send(held.given));
  const send = (text: string) => {
    if (socket.readyState !== socket.OPEN) return;
    if (held.isTooMuch(bounds)) return cut();
    held.give(text.length);
    const until = held.given;
    socket.send(text, () => held.send(Math.max(until, held.gone)));
  };
  return { send, delivery: { sent: () => held.sent(), cut } };
}

/** Follows what is handed to the transports of a connection until it is sent. */
class Sending {
  private handed = 0;
  /** Those of a client who polls, one after the other. */
  private readonly responses = new Set<ServerResponse>();
  private readonly internals: Internals;

  constructor(
    private readonly connection: Connection,
    private readonly held: Held,
  ) {
    this.internals = connection as unknown as Internals;
    this.follow(connection.transport);
    connection.on('upgrade', (transport: Transport) => this.follow(transport));
    connection.on('flush', () => this.hand());
    connection.on('close', () => held.send(held.given));
  }

  /** Ends the connection at once, whatever it has not read. */
  cut(): void {
    const tcp = this.internals.transport.socket?._socket;
    this.connection.close(true);
    // Else it would wait for the other side, with all that it holds.
    tcp?.destroy();
    for (const response of this.responses) response.destroy();
  }

  private follow(transport: Transport): void {
    // A client who polls: the transport says so as soon as it has begun.
    transport.on('drain', () => this.responses.size === 0 && this.held.send(this.handed));
  }

  private hand(): void {
    this.handed = this.held.given;
    const { res } = this.internals.transport;
    if (!res) return;
    this.responses.add(res);
    const end = () => {
      this.responses.delete(res);
      if (this.responses.size === 0) this.held.send(this.handed);
    };
    finished(res).then(end, end);
  }
}

/** Puts a connection's writing off until the end of the turn. Returns what writes at once. */
function writerOf(connection: Connection, onError: (error: unknown) => void): () => void {
  const internals = connection as unknown as Internals;
  const flush = internals.flush.bind(connection);
  const write = () => {
    const tcp = internals.transport.socket?._socket;
    tcp?.cork();
    try {
      flush();
    } catch (error) {
      // Of this connection alone: the others whose turn it is are behind it.
      onError(error);
    }
    tcp?.uncork();
  };
  internals.flush = () => {
    if (writes.size === 0) setImmediate(writeAll);
    writes.add(write);
  };
  return write;
}

/**
 * Closes a connection behind everything that it was given. Resolves when the client has closed it too: over WebSocket all of
 * that has then arrived.
 */
export async function closeWritten(connection: Connection): Promise<void> {
  const { transport } = connection as unknown as Internals;
  const tcp = transport.socket?._socket;
  const ends = tcp && !tcp.destroyed ? [connection, tcp] : [connection];
  const closed = Promise.all(ends.map(each => new Promise(resolve => each.once('close', resolve))));
  connection.close();
  await closed;
}
