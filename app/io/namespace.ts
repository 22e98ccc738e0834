import type { Application, Context } from 'egg';
import { AppError } from '../schema/errors';
import type { Connections } from './connections';
import type { Delivery } from '../lib/queue/pages';
import { roomOfSession, roomOfUser, shownPush } from '../lib/stream/publisher';
import type { ImSocket } from '../lib/stream/socket';
import { respondFor, type Give, type Respond } from '../extend/action';
import { callNames, eventOf } from '../schema/calls';
import { jsonObject } from '../schema/json';
import { requireSize } from '../lib/stream/parser';
import { serveElsewhere } from './elsewhere';

declare module 'egg' {
  interface Application {
    connections: Connections;
  }
}

type Ack = (answer: object) => void;

/** Requests of one socket that may be under way at once. */
const UNDER_WAY = 1000;

/** Entries sent unasked to a device that names its cursor; it pulls the rest. */
const FIRST_PAGE = 200;

/**
 * Connects namespace /im with app/controller: the event `noun:verb` is answered by the action `noun.verb`, the same that
 * answers the REST call. egg-socket.io has controllers of its own for events, each packet of which gets an HTTP context, a
 * session and an emitter; that took 40 % of a message's time. Here a packet's context inherits from its connection's.
 */
export function serveNamespace(app: Application): void {
  const { connections } = app;
  connections.serve(app.io);
  const responders = new Map<unknown, Respond>();
  for (const name of callNames) {
    const event = eventOf(name);
    if (event) responders.set(event, respondFor(app.controller, name));
  }
  serveElsewhere(app);
  app.io.of('/im').on('connection', socket => {
    const delivery = connections.deliveryOf(socket.conn);
    connections.admit(socket.conn, socket.data.userId);
    const connection = connectionOf(app, socket);
    socket.onAny((event: unknown, ...args: unknown[]) => {
      void answer(connection, event, responders.get(event), args, delivery);
    });
    greet(connection, delivery).catch((error: unknown) => app.logger.warn(error));
  });
}

/** What a packet needs of a context. There is no request in it, which would be kept as long as the connection. */
function connectionOf(app: Application, socket: ImSocket): Context {
  const address = app.connections.addressOf(socket.conn);
  const ctx = Object.create(app.common, { socket: { value: socket }, address: { value: address } }) as Context;
  ctx.actor = socket.data;
  return ctx;
}

/** Answers one packet, whatever is wrong with it: by its ack, or where a failure has none, by `request:failed`. */
async function answer(
  connection: Context,
  event: unknown,
  respond: Respond | undefined,
  args: unknown[],
  delivery: Delivery,
): Promise<void> {
  const { socket } = connection;
  const ack = typeof args.at(-1) === 'function' ? (args.pop() as Ack) : undefined;
  try {
    if (!respond) throw new AppError('UNKNOWN_EVENT');
    requireSize(args[0], connection.app.config.im.packetMaxBytes);
    if (socket.data.underWay >= UNDER_WAY) throw new AppError('BUSY');
    const ctx = Object.assign(Object.create(connection) as Context, { args });
    const answered = connection.app.calls.begin();
    socket.data.underWay++;
    try {
      const give: Give = reply => {
        const answer = jsonObject({ ok: true, ...reply });
        ack?.(answer);
        return answer.text.length;
      };
      await respond(ctx, give, delivery, socket.data.zone);
    } finally {
      socket.data.underWay--;
      answered();
    }
  } catch (error) {
    const failure = connection.app.failureOf(error, socket.data.locale);
    if (ack) ack({ ok: false, error: failure });
    else socket.emit('request:failed', { event: typeof event === 'string' ? event : '', error: failure });
  }
}

/** Tells where the stream stands, and sends what a device that named its cursor lacks. */
async function greet({ app, socket, service, actor }: Context, delivery: Delivery): Promise<void> {
  const { heads, pages } = app.engine;
  const { userId } = actor;
  // Joined before the head is read, so that an entry is in one of the two.
  await socket.join([roomOfUser(actor.userId), roomOfSession(actor.sessionId)]);
  app.connections.makeRoom(socket);
  const { head, epoch, first } = await heads.of(actor);
  socket.emit('sync:head', { head, epoch, first });
  Object.assign(socket.data, { head: Math.max(socket.data.head, head), epoch });
  const after = Number(socket.handshake.auth.after ?? socket.handshake.query.after ?? NaN);
  if (!Number.isSafeInteger(after) || after < first - 1 || after >= head) return;
  const push = async () => {
    const page = await service.sync.pushOf(actor, after, FIRST_PAGE);
    socket.emit('sync:push', shownPush(page, socket.data.zone));
    return page.text.length;
  };
  await pages.answer(userId, push, delivery);
}
