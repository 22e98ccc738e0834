import type { ServerResponse } from 'node:http';
import type { Socket as TcpSocket } from 'node:net';
import { finished } from 'node:stream/promises';
import { WebSocket } from 'ws';
import type { Delivery } from '../lib/queue/pages';
import type { ImSocket } from '../lib/stream/socket';
import { Held, type HeldBounds } from './held';

type Connection = ImSocket['conn'];

/** Where a connection, and each of its transports, has what it is given. Its listeners are those of all others, and find it there. */
const OUT = Symbol('egg-im#out');

/**
 * What engine.io and ws keep to themselves: where packets that wait are written, the connection below, and the response that a
 * client who polls waits for.
 */
interface Internals {
  flush(): void;
  write(data: string, options?: PacketOptions): unknown;
  readonly writeBuffer: readonly unknown[];
  readonly transport: Transport;
}

interface Transport {
  readonly writable: boolean;
  readonly socket?: { readonly readyState: number; readonly _socket?: TcpSocket | null };
  readonly res?: ServerResponse;
  on(event: 'drain', listener: (this: Buffered) => void): void;
}

interface Buffered {
  [OUT]: Outgoing;
}

/** What engine.io is given beside the text of a packet: the same as a frame of WebSocket, in one buffer or in several. */
interface PacketOptions {
  readonly wsPreEncodedFrame?: readonly Buffer[];
}

export interface WriteOptions {
  readonly bounds: HeldBounds;
  readonly onError: (error: unknown) => void;
}

/** Those that are to be written to at the end of this turn of the event loop. */
const due = new Set<Outgoing>();

function writeAll(): void {
  const all = [...due];
  due.clear();
  for (const each of all) each.write();
}

const overrides = {
  flush(this: Buffered) {
    this[OUT].writeLater();
  },
  write(this: Buffered, data: string, options?: PacketOptions) {
    return this[OUT].take(data, options);
  },
};

const listeners = {
  packetCreate(this: Buffered, { data }: { data?: string | Buffer }) {
    this[OUT].give(data?.length ?? 0);
  },
  upgrade(this: Buffered, transport: object) {
    this[OUT].follow(transport as Transport);
  },
  flush(this: Buffered) {
    this[OUT].hand();
  },
  close(this: Buffered) {
    this[OUT].end();
  },
};

function onDrain(this: Buffered) {
  this[OUT].drain();
}

/**
 * Writes what a connection is given within one turn of the event loop at the end of the turn, and in one piece: an ack and a
 * push to the same device leave in one system call, where engine.io would make one for each packet.
 *
 * Cuts a connection off that is given more while it still holds back more than its bound, or while it reads nothing and all of
 * them hold back more than theirs: a device that is slow or gone comes back and pulls. Nothing is waited for, and nobody else
 * waits. So too when writing to it fails.
 */
export function bufferWrites(connection: Connection, options: WriteOptions): Delivery {
  const out = new Outgoing(connection, options);
  for (const [event, listener] of Object.entries(listeners)) connection.on(event, listener);
  Object.assign(connection, { [OUT]: out }, overrides);
  out.follow((connection as unknown as Internals).transport);
  return out;
}

/** What a connection is given, from then on until it is sent. */
class Outgoing implements Delivery {
  private readonly held = new Held();
  /** What the transports were handed of it. */
  private handed = 0;
  /** Those of a client who polls, one after the other. */
  private responses?: Set<ServerResponse>;
  /** Of frames that go to the socket as they are; what waits in engine.io has come after them. */
  private buffers: Buffer[] = [];

  constructor(
    private readonly connection: Connection,
    private readonly options: WriteOptions,
  ) {}

  sent(): Promise<void> {
    return this.held.sent();
  }

  /** Ends the connection at once, whatever it has not read. */
  cut(): void {
    const tcp = this.internals.transport.socket?._socket;
    this.connection.close(true);
    // Else it would wait for the other side, with all that it holds.
    tcp?.destroy();
    for (const response of this.responses ?? []) response.destroy();
  }

  /** Whether there is room for one more packet, which is held from then on; a connection that has none is cut. */
  give(length: number): boolean {
    const { bounds } = this.options;
    if (this.held.isTooMuch(bounds)) this.write();
    const hasRoom = !this.held.isTooMuch(bounds);
    if (hasRoom) this.held.give(length);
    else this.cut();
    return hasRoom;
  }

  /**
   * Takes a packet as engine.io does. One that is a frame already goes to the socket past engine.io, whose events for each would
   * cost as much again as the write.
   */
  take(data: string, options?: PacketOptions): unknown {
    const frame = options?.wsPreEncodedFrame;
    if (!frame || !this.isFree) return this.prototype.write.call(this.connection, data, options);
    if (!this.give(data.length)) return this.connection;
    this.buffers.push(...frame);
    this.writeLater();
    return this.connection;
  }

  writeLater(): void {
    if (due.size === 0) setImmediate(writeAll);
    due.add(this);
  }

  /** Writes at once what is put off. */
  write(): void {
    const { transport, writeBuffer } = this.internals;
    const tcp = transport.socket?._socket;
    // One buffer is one system call by itself.
    if (this.buffers.length !== 1 || writeBuffer.length > 0) tcp?.cork();
    try {
      this.writeFrames();
      this.prototype.flush.call(this.connection);
    } catch (error) {
      // Of this connection alone: the others whose turn it is are behind it.
      this.options.onError(error);
      this.cut();
    }
    tcp?.uncork();
  }

  follow(transport: Transport): void {
    // A client who polls: the transport says so as soon as it has begun.
    Object.assign(transport, { [OUT]: this }).on('drain', onDrain);
  }

  drain(): void {
    if (!this.responses?.size) this.held.send(this.handed);
  }

  /** What waited in engine.io is handed to the transport. */
  hand(): void {
    this.handed = this.held.given;
    const { res } = this.internals.transport;
    if (!res) return;
    this.responses ??= new Set();
    this.responses.add(res);
    const end = () => {
      this.responses?.delete(res);
      this.drain();
    };
    finished(res).then(end, end);
  }

  /** Nothing more is sent. */
  end(): void {
    this.held.send(this.held.given);
  }

  private get internals(): Internals {
    return this.connection as unknown as Internals;
  }

  /** Of engine.io, whose functions the connection has others in front of. */
  private get prototype(): Internals {
    return Object.getPrototypeOf(this.connection) as Internals;
  }

  /** Whether nothing waits in engine.io, and what is written now is in order. */
  private get isFree(): boolean {
    const { transport, writeBuffer } = this.internals;
    return writeBuffer.length === 0 && transport.writable && transport.socket?.readyState === WebSocket.OPEN;
  }

  private writeFrames(): void {
    const { buffers, held } = this;
    if (buffers.length === 0) return;
    this.buffers = [];
    const { socket } = this.internals.transport;
    // Nothing may follow the frame that closes; what is not sent is let go of when the connection is closed.
    if (socket?.readyState !== WebSocket.OPEN) return;
    const until = held.given;
    const last = buffers.pop()!;
    for (const buffer of buffers) socket._socket?.write(buffer);
    socket._socket?.write(last, () => held.send(until));
  }
}

/**
 * Closes a connection behind everything that it was given. Resolves when the client has closed it too: over WebSocket all of
 * that has then arrived.
 */
export async function closeWritten(connection: Connection): Promise<void> {
  writeAll();
  const { transport } = connection as unknown as Internals;
  const tcp = transport.socket?._socket;
  const ends = tcp && !tcp.destroyed ? [connection, tcp] : [connection];
  const closed = Promise.all(ends.map(each => new Promise(resolve => each.once('close', resolve))));
  connection.close();
  await closed;
}
