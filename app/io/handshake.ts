import type { Application, Context } from 'egg';
import { ServerResponse } from 'node:http';
import { AppError } from '../schema/errors';
import type { ImSocket, SocketData } from '../lib/stream/socket';

interface Credentials {
  readonly token?: unknown;
  readonly deviceId?: unknown;
  readonly lang?: unknown;
}

/** A context made of the request that opened the connection. */
export function contextOf(app: Application, { request }: ImSocket): Context {
  return app.createContext(request, new ServerResponse(request)) as unknown as Context;
}

/**
 * Lets a socket in or refuses it: the refusal's message is its code and its `data` the whole failure, which 2.x clients
 * get as `error`. Not a middleware of egg-socket.io, which would log each refusal as an error of the server.
 */
export function handshake(app: Application) {
  const admit = async (socket: ImSocket, next: (error?: Error) => void): Promise<void> => {
    const { auth, query } = socket.handshake;
    const credentials: Credentials = typeof auth.token === 'string' ? auth : query;
    const ctx = contextOf(app, socket);
    const locale = ctx.localeFor(typeof credentials.lang === 'string' ? credentials.lang : '');
    try {
      if (typeof credentials.token !== 'string') throw new AppError('UNAUTHENTICATED');
      const actor = await ctx.service.account.session.authenticate(credentials.token);
      if (credentials.deviceId !== undefined && credentials.deviceId !== actor.deviceId)
        throw new AppError('UNAUTHENTICATED');
      socket.data = { ...actor, locale, head: 0, underWay: 0 } satisfies SocketData;
      next();
    } catch (error) {
      const failure = app.failureOf(error, locale);
      // A refused client does not try again by itself, one that lost its connection does.
      if (failure.retryable) socket.conn.close();
      next(Object.assign(new Error(failure.code), { data: failure }));
    }
  };
  return (socket: ImSocket, next: (error?: Error) => void) => void admit(socket, next);
}
