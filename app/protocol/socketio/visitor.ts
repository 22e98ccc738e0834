import type { Application, Context } from 'egg';
import { contextOf } from '../../io/handshake';
import { isSecret } from '../../lib/auth/secret';
import { AppError } from '../../schema/errors';
import { ask } from '../ask';
import { failureOf } from '../local_client';
import type { Cards } from './cards';
import { Messenger } from './messenger';
import type { Newest } from './newest';
import { payloadOf, textIn, userIdIn, type Payload } from './payload';
import type { RootSocket } from './socket';
import { noticeOf } from './told';

/** Events of one socket that may be under way at once. */
const UNDER_WAY = 1000;

type Ack = (answer: object) => void;
type Respond = (given: Payload) => Promise<unknown>;

/** What all who come share. */
export interface House {
  readonly app: Application;
  readonly newest: Newest;
  readonly cards: Cards;
}

/** A socket in the namespace / that has said something of this protocol. */
export class Visitor {
  private readonly ctx: Context;
  private messenger?: Messenger;
  /** What is said before an answer to `conn` waits for it. */
  private entering: Promise<void> = Promise.resolve();
  private underWay = 0;

  readonly responders: Readonly<Record<string, Respond>> = {
    conn: given => this.enter(given),
    sendmsg: async given => (await this.entered()).send(given),
    delmsg: async given => (await this.entered()).remove(given),
    systemadmin: given => this.announce(given),
  };

  constructor(
    private readonly house: House,
    private readonly socket: RootSocket,
  ) {
    this.ctx = contextOf(house.app, socket);
    socket.once('disconnect', () => this.messenger?.close());
  }

  /** Does what an event asks for. A refusal is its ack, or where it has none, `request:failed`. */
  async receive(event: string, args: readonly unknown[]): Promise<void> {
    const last = args.at(-1);
    const ack = typeof last === 'function' ? (last as Ack) : undefined;
    try {
      if (this.underWay >= UNDER_WAY) throw new AppError('BUSY');
      this.underWay++;
      const data = await this.respond(event, args[0]).finally(() => this.underWay--);
      ack?.({ ok: true, data });
    } catch (error) {
      const { app } = this.house;
      const failure = failureOf(app, error, 'zh-cn');
      if (ack) ack({ ok: false, error: failure });
      else this.socket.emit('request:failed', { event, error: failure });
    }
  }

  private async respond(event: string, given: unknown): Promise<unknown> {
    return this.responders[event](payloadOf(given, this.house.app.config.im.packetMaxBytes));
  }

  private async entered(): Promise<Messenger> {
    await this.entering;
    if (!this.messenger?.isOpen) throw new AppError('UNAUTHENTICATED');
    return this.messenger;
  }

  /** One `conn` after the other. Throws UNAUTHENTICATED, TOKEN_EXPIRED, Refused, UNAVAILABLE. */
  private enter(given: Payload): Promise<void> {
    const entering = this.entering.then(() => this.connect(given));
    this.entering = entering.catch(() => undefined);
    return entering;
  }

  private async connect({ uid, token = this.ctx.query.token || this.ctx.bearer }: Payload): Promise<void> {
    const { app, newest, cards } = this.house;
    const userId = Number(userIdIn(uid));
    if (typeof token !== 'string' || app.tokens.verify('access', token).userId !== userId)
      throw new AppError('UNAUTHENTICATED');
    if (!this.messenger?.isOpen || this.messenger.userId !== userId) {
      this.leave();
      const messenger = await Messenger.open(this.ctx, this.socket, token, cards);
      this.messenger = messenger;
      messenger.onClose(isOver => this.messenger === messenger && this.end(isOver));
      if (!this.socket.connected) return messenger.close();
      await newest.enter(messenger);
      app.connections.admit(this.socket.conn, userId);
    }
    this.socket.emit('conn', ['ok']);
  }

  /** Another user goes on with this socket. */
  private leave(): void {
    const { messenger } = this;
    this.messenger = undefined;
    messenger?.close();
  }

  /** A client that is told to go does not come back by itself, one that has lost its connection does. */
  private end(isOver: boolean): void {
    if (isOver) this.socket.disconnect(true);
    else this.socket.conn.close();
  }

  /** Sends a notice, for whoever has the admin token. Throws UNAUTHENTICATED, INVALID_INPUT, USER_NOT_FOUND, TOO_LARGE. */
  private async announce(given: Payload): Promise<void> {
    const { app } = this.house;
    if (!isSecret(given.token, app.config.im.adminToken)) throw new AppError('UNAUTHENTICATED');
    const delivery = app.connections.deliveryOf(this.socket.conn);
    app.connections.admit(this.socket.conn);
    const tenant = given.app === undefined ? this.messenger?.tenant : textIn(given.app, '/app');
    await ask(this.ctx, delivery, 'notice.create', { ...noticeOf(given), ...(tenant && { app: tenant }) });
  }
}
