import type { ServerResponse } from 'node:http';
import type { Socket as TcpSocket } from 'node:net';
import { finished } from 'node:stream/promises';
import { WebSocket } from 'ws';
import type { Delivery } from '../lib/queue/pages';
import type { ImSocket } from '../lib/stream/socket';
import { Held, type HeldBounds } from './held';

type Connection = ImSocket['conn'];
type Transport = Connection['transport'];

/**
 * What engine.io and ws keep to themselves: where packets that wait are written, the connection below, and the response that a
 * client who polls waits for.
 */
interface Internals {
  flush: () => void;
  write: (data: string, options?: PacketOptions) => unknown;
  readonly writeBuffer: readonly unknown[];
  readonly transport: {
    readonly writable: boolean;
    readonly socket?: { readonly readyState: number; readonly _socket?: TcpSocket | null };
    readonly res?: ServerResponse;
  };
}

/** What engine.io is given beside the text of a packet: the same as a frame of WebSocket, in one buffer or in several. */
interface PacketOptions {
  readonly wsPreEncodedFrame?: readonly Buffer[];
}

/** What is to be written at the end of this turn of the event loop. */
const writes = new Set<() => void>();

function writeAll(): void {
  const due = [...writes];
  writes.clear();
  for (const write of due) write();
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
  const writer = new Writer(connection, held, error => {
    onError(error);
    cut();
  });
  const give = (length: number): boolean => {
    if (held.isTooMuch(bounds)) writer.write();
    const hasRoom = !held.isTooMuch(bounds);
    if (hasRoom) held.give(length);
    else cut();
    return hasRoom;
  };
  connection.on('packetCreate', ({ data }: { data?: string | Buffer }) => give(data?.length ?? 0));
  writer.takeFrames(give);
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
    socket.send(text, () => held.send(until));
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

/** Puts a connection's writing off until the end of the turn. */
class Writer {
  private readonly internals: Internals;
  private readonly flush: () => void;
  /** Of frames that go to the socket as they are; what waits in engine.io has come after them. */
  private buffers: Buffer[] = [];

  constructor(
    connection: Connection,
    private readonly held: Held,
    private readonly onError: (error: unknown) => void,
  ) {
    this.internals = connection as unknown as Internals;
    this.flush = this.internals.flush.bind(connection);
    this.internals.flush = () => this.writeLater();
  }

  /** Writes at once what is put off. */
  readonly write = (): void => {
    const { transport, writeBuffer } = this.internals;
    const tcp = transport.socket?._socket;
    // One buffer is one system call by itself.
    if (this.buffers.length !== 1 || writeBuffer.length > 0) tcp?.cork();
    try {
      this.writeFrames();
      this.flush();
    } catch (error) {
      // Of this connection alone: the others whose turn it is are behind it.
      this.onError(error);
    }
    tcp?.uncork();
  };

  /**
   * Hands packets that are frames already to the socket, past engine.io, whose events for each would cost as much again as the
   * write. `give` says whether there is room for one.
   */
  takeFrames(give: (length: number) => boolean): void {
    const { internals } = this;
    const write = internals.write.bind(internals);
    internals.write = (data, options) => {
      const frame = options?.wsPreEncodedFrame;
      if (!frame || !this.isFree) return write(data, options);
      if (!give(data.length)) return internals;
      this.buffers.push(...frame);
      this.writeLater();
      return internals;
    };
  }

  /** Whether nothing waits in engine.io, and what is written now is in order. */
  private get isFree(): boolean {
    const { transport, writeBuffer } = this.internals;
    return writeBuffer.length === 0 && transport.writable && transport.socket?.readyState === WebSocket.OPEN;
  }

  private writeLater(): void {
    if (writes.size === 0) setImmediate(writeAll);
    writes.add(this.write);
  }

  private writeFrames(): void {
    const { buffers } = this;
    if (buffers.length === 0) return;
    this.buffers = [];
    const { socket } = this.internals.transport;
    // Nothing may follow the frame that closes; what is not sent is let go of when the connection is closed.
    if (socket?.readyState !== WebSocket.OPEN) return;
    const until = this.held.given;
    const last = buffers.pop()!;
    for (const buffer of buffers) socket._socket?.write(buffer);
    socket._socket?.write(last, () => this.held.send(until));
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
