import type { Application, Context } from 'egg';
import type { EventEmitter } from 'node:events';
import { ServerResponse, type IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { roomOfSession, roomOfUser } from '../lib/stream/publisher';
import { Budget } from '../lib/queue/budget';
import type { Delivery } from '../lib/queue/pages';
import type { ImServer, ImSocket } from '../lib/stream/socket';
import { AppError } from '../schema/errors';
import { LocalConnection } from './local_connection';
import { meterInput } from './read_budget';
import { bufferWrites } from './write_buffer';

type Connection = Pick<ImSocket['conn'], 'request'> & EventEmitter;
type EngineConnection = Connection & { readonly transport: unknown };

/** What Socket.IO keeps to itself: what it does with each new connection. */
interface Internals {
  onconnection: (connection: EngineConnection) => unknown;
}

/** How many there are of each key. */
class Tally {
  private readonly counts = new Map<string, number>();

  of(key: string): number {
    return this.counts.get(key) ?? 0;
  }

  /** Returns how to take it out again. */
  add(key: string): () => void {
    this.counts.set(key, this.of(key) + 1);
    return () => (this.of(key) > 1 ? this.counts.set(key, this.of(key) - 1) : this.counts.delete(key));
  }
}

/** Bounds the connections that one address, one user and one session have with this worker. */
export class Connections {
  private readonly all = new Tally();
  private readonly strangers = new Tally();
  /** What each stranger is to have done when it is one no longer. */
  private readonly unknown = new WeakMap<Connection, () => void>();
  private readonly deliveries = new WeakMap<Connection, Delivery>();

  /** Who pays for what is read of a connection, when it is known. */
  private readonly users = new WeakMap<Connection, number>();
  private readonly addresses = new WeakMap<IncomingMessage, string>();
  private readonly input: Budget;
  private begin!: Internals['onconnection'];

  constructor(private readonly app: Application) {
    const { inputBytes } = app.config.im;
    this.input = new Budget(inputBytes, 2 * inputBytes);
  }

  /** Counts the connections of this server from now on. */
  serve(io: ImServer): void {
    const internals = io as unknown as Internals;
    this.begin = internals.onconnection.bind(io);
    internals.onconnection = connection => {
      this.watch(connection);
      this.meter(connection);
      return this.begin(connection);
    };
  }

  /** Lets a connection of this process in, which stands for one that is counted already. */
  enter(connection: LocalConnection): void {
    // What is translated costs twice.
    this.meter(connection);
    this.begin(connection);
  }

  /** What a connection was given and has not sent, of all namespaces together; one within this process hands on what it is given. */
  deliveryOf(connection: ImSocket['conn']): Delivery {
    const known = this.deliveries.get(connection);
    if (known) return known;
    const { socketBufferBytes, bufferBytes } = this.app.config.im;
    const bounds = { connection: socketBufferBytes, all: bufferBytes };
    const onError = (error: unknown) => this.app.logger.warn(error);
    const delivery = localDelivery(connection) ?? bufferWrites(connection, bounds, onError);
    this.deliveries.set(connection, delivery);
    return delivery;
  }

  /** Answers Engine.IO whether a request may become a connection, before there is anything of it. */
  allow(request: IncomingMessage, answer: (refusal: string | null, allowed: boolean) => void): void {
    const address = this.addressOf(request);
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
    const address = this.addressOf(connection.request);
    const leave = this.all.add(address);
    this.unknown.set(connection, this.strangers.add(address));
    connection.once('close', () => {
      leave();
      this.admit(connection);
    });
  }

  /** @param userId whose connection it is; a connection may be let in without it being anybody's */
  admit(connection: Connection, userId?: number): void {
    if (userId !== undefined) this.users.set(connection, userId);
    this.unknown.get(connection)?.();
    this.unknown.delete(connection);
  }

  /** Bounds what is read of a plain WebSocket. */
  meterPlain(connection: Connection & WebSocket): void {
    meterInput(connection, 'message', { payer: this.payerOf(connection), socket: () => connection }, this.input);
  }

  private meter(connection: EngineConnection): void {
    // A client who polls may change to a WebSocket later.
    const socket = () => (connection.transport as { readonly socket?: WebSocket }).socket;
    meterInput(connection, 'data', { payer: this.payerOf(connection), socket }, this.input);
  }

  private payerOf(connection: Connection): () => number | string {
    const address = this.addressOf(connection.request);
    return () => this.users.get(connection) ?? address;
  }

  isStranger(connection: Connection): boolean {
    return this.unknown.has(connection);
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

  /** Asked for a few times while a connection is made; the context that knows it is the dear part of that. */
  addressOf(request: IncomingMessage): string {
    const known = this.addresses.get(request);
    if (known !== undefined) return known;
    const { address } = this.app.createContext(request, new ServerResponse(request)) as unknown as Context;
    this.addresses.set(request, address);
    return address;
  }
}

function localDelivery(connection: object): Delivery | undefined {
  return connection instanceof LocalConnection ? connection.delivery : undefined;
}

/** 0 is no bound. */
function past(count: number, most: number): boolean {
  return most > 0 && count > most;
}
