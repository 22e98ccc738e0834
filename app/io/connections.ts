import type { Application } from 'egg';
import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { roomOfSession, roomOfUser } from '../lib/stream/publisher';
import { Budget } from '../lib/queue/budget';
import type { Delivery } from '../lib/queue/pages';
import type { ImServer, ImSocket } from '../lib/stream/socket';
import { AppError } from '../schema/errors';
import { contextOf } from './handshake';
import { LocalConnection } from './local_connection';
import { bufferWrites, type WriteOptions } from './write_buffer';

type Connection = Pick<ImSocket['conn'], 'request'> & EventEmitter;
type EngineConnection = Connection & { readonly transport: { readonly socket?: WebSocket } };

/** What Socket.IO keeps to itself: what it does with each new connection. */
interface Internals {
  onconnection: (connection: EngineConnection) => unknown;
}

/** What a packet costs beside its length: a small one takes as much of the processor as a kilobyte. */
const PACKET = 1024;

/** What is known of a connection. */
interface Known {
  readonly address: string;
  isStranger: boolean;
  /** Whose it is: who pays for what is read of it. */
  userId?: number;
  delivery?: Delivery;
}

/** How many there are of each key. */
class Tally {
  private readonly counts = new Map<string, number>();

  of(key: string): number {
    return this.counts.get(key) ?? 0;
  }

  add(key: string): void {
    this.counts.set(key, this.of(key) + 1);
  }

  remove(key: string): void {
    if (this.of(key) > 1) this.counts.set(key, this.of(key) - 1);
    else this.counts.delete(key);
  }
}

/** Bounds the connections that one address, one user and one session have with this worker. */
export class Connections {
  private readonly all = new Tally();
  private readonly strangers = new Tally();
  private readonly known = new WeakMap<Connection, Known>();
  private readonly input: Budget;
  private readonly output: WriteOptions;
  private begin!: Internals['onconnection'];
  /** The same functions for all connections, which an emitter calls with itself as `this`. */
  private readonly listeners;

  constructor(private readonly app: Application) {
    const { inputBytes, socketBufferBytes, bufferBytes } = app.config.im;
    this.input = new Budget(inputBytes, 2 * inputBytes);
    const onError = (error: unknown) => app.logger.warn(error);
    this.output = { bounds: { connection: socketBufferBytes, all: bufferBytes }, onError };
    const leave = this.leave.bind(this);
    const read = this.read.bind(this);
    this.listeners = {
      close(this: Connection) {
        leave(this);
      },
      // A client who polls may change to a WebSocket later.
      data(this: EngineConnection, data: string | Buffer) {
        read(this, data, this.transport.socket);
      },
      message(this: Connection & WebSocket, data: string | Buffer) {
        read(this, data, this);
      },
    };
  }

  /** Counts the connections of this server from now on. */
  serve(io: ImServer): void {
    const internals = io as unknown as Internals;
    this.begin = internals.onconnection.bind(io);
    internals.onconnection = connection => {
      this.watch(connection);
      connection.on('data', this.listeners.data);
      return this.begin(connection);
    };
  }

  /** Lets a connection of this process in, which stands for one that is counted already. */
  enter(connection: LocalConnection): void {
    this.known.set(connection, { address: contextOf(this.app, connection).address, isStranger: false });
    // What is translated costs twice.
    connection.on('data', this.listeners.data);
    this.begin(connection);
  }

  /** What a connection was given and has not sent, of all namespaces together; one within this process hands on what it is given. */
  deliveryOf(connection: ImSocket['conn']): Delivery {
    const known = this.known.get(connection)!;
    return (known.delivery ??= localDelivery(connection) ?? bufferWrites(connection, this.output));
  }

  /** Answers Engine.IO whether a request may become a connection, before there is anything of it. */
  allow(request: IncomingMessage, answer: (refusal: string | null, allowed: boolean) => void): void {
    const { address } = contextOf(this.app, { request });
    const decide = (isAllowed: boolean) => answer(isAllowed ? null : 'TOO_MANY_CONNECTIONS', isAllowed);
    const connects = this.app.limits.take('connects', address);
    void connects.then(
      () => decide(!this.isFull(address)),
      () => decide(false),
    );
  }

  private isFull(address: string): boolean {
    const { address: most, strangers } = this.app.config.im.sockets;
    return past(this.all.of(address) + 1, most) || past(this.strangers.of(address) + 1, strangers);
  }

  /** Counts a connection for as long as it is open, and as a stranger until it is let in. */
  watch(connection: Connection): void {
    const { address } = contextOf(this.app, connection);
    this.all.add(address);
    this.strangers.add(address);
    this.known.set(connection, { address, isStranger: true });
    connection.on('close', this.listeners.close);
  }

  /** The same for a plain WebSocket. */
  watchPlain(connection: Connection & WebSocket): void {
    this.watch(connection);
    connection.on('message', this.listeners.message);
  }

  /** @param userId whose connection it is; a connection may be let in without it being anybody's */
  admit(connection: Connection, userId?: number): void {
    const known = this.known.get(connection);
    if (!known) return;
    if (userId !== undefined) known.userId = userId;
    if (known.isStranger) this.strangers.remove(known.address);
    known.isStranger = false;
  }

  isStranger(connection: Connection): boolean {
    return this.known.get(connection)?.isStranger ?? false;
  }

  private leave(connection: Connection): void {
    this.all.remove(this.known.get(connection)!.address);
    this.admit(connection);
  }

  /**
   * Reads nothing more from a connection while its user, or while it is not known whose it is, its address, has sent more than their
   * budget: the packets wait at the client, and the processor is there for others. Nothing is refused. A client who polls has one
   * request at a time anyway.
   */
  private read(connection: Connection, data: string | Buffer, socket?: WebSocket): void {
    const { userId, address } = this.known.get(connection)!;
    const ms = this.input.spend(userId ?? address, PACKET + data.length);
    if (ms === 0 || !socket || socket.isPaused) return;
    socket.pause();
    setTimeout(() => socket.resume(), ms).unref();
  }

  /**
   * Closes the oldest sockets of a session, and of a user, that has one too many: never the newest, because a phone that
   * comes back is the same session as the dead connection it has left behind.
   */
  makeRoom({ nsp, data }: ImSocket): void {
    const { session, user } = this.app.config.im.sockets;
    for (const [room, most] of [
      [roomOfSession(data.sessionId), session],
      [roomOfUser(data.userId), user],
    ] as const) {
      // In the order in which they have joined.
      const ids = [...(nsp.adapter.rooms.get(room) ?? [])];
      if (!past(ids.length, most)) continue;
      for (const id of ids.slice(0, -most)) this.replace(nsp.sockets.get(id));
    }
  }

  private replace(socket: ImSocket | undefined): void {
    if (!socket) return;
    const error = this.app.failureOf(new AppError('TOO_MANY_CONNECTIONS'), socket.data.locale);
    socket.emit('connection:closed', { error });
    socket.disconnect(true);
  }

  /** Where its client is, as the limits count it. */
  addressOf(connection: Connection): string {
    return this.known.get(connection)!.address;
  }
}

function localDelivery(connection: object): Delivery | undefined {
  return connection instanceof LocalConnection ? connection.delivery : undefined;
}

/** 0 is no bound. */
function past(count: number, most: number): boolean {
  return most > 0 && count > most;
}
