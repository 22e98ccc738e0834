import type { Application } from 'egg';

declare module 'egg' {
  interface Application {
    /** Events of 2.x clients in the namespace / that an older protocol serves. */
    olderEvents: Set<string>;
  }
}

/** How long a connection of a 2.x client may stay that has not come to /im. */
const STRANGER_MS = 10_000;

/** Events after which a stranger who asks for nothing that there is has been told often enough. */
const TOLD = 20;

/** The protocol of 2.x clients. */
const EIO3 = 3;

type Ack = (answer: object) => void;

/**
 * Tells those who have come to the namespace / where to go. 2.x clients enter it before any other, so they are let in, and
 * told when they ask for something that nobody serves there; a farewell keeps those from coming back who have gone nowhere else.
 */
export function serveElsewhere(app: Application): void {
  const error = app.elsewhere();
  app.io.use((socket, next) => {
    next(socket.conn.protocol === EIO3 ? undefined : Object.assign(new Error(error.code), { data: error }));
  });
  app.io.on('connection', socket => {
    let asked = 0;
    socket.onAny((event: string, ...args: unknown[]) => {
      if (app.olderEvents.has(event)) return;
      if (++asked > TOLD && app.connections.isStranger(socket.conn)) return void socket.disconnect(true);
      const ack = args.at(-1);
      if (typeof ack === 'function') (ack as Ack)({ ok: false, error });
      else socket.emit('request:failed', { event, error });
    });
    setTimeout(() => {
      if (!app.connections.isStranger(socket.conn)) return;
      socket.emit('request:failed', { event: 'connect', error });
      socket.disconnect(true);
    }, STRANGER_MS).unref();
  });
}
