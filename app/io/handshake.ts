import type { Application, Context } from 'egg';
import { ServerResponse, type IncomingMessage } from 'node:http';
import { AppError } from '../schema/errors';
import { zoneOf } from '../schema/display_time';
import { Given } from '../lib/stream/given';
import type { ImSocket, SocketData } from '../lib/stream/socket';

interface Credentials {
  readonly token?: unknown;
  readonly deviceId?: unknown;
  readonly zone?: unknown;
  readonly lang?: unknown;
}

/** More than credentials ever have, in characters of JSON. */
const AUTH_MAX = 8192;

/** May be in front of a token, wherever it is. */
const BEARER = /^Bearer +/i;

function isSmall(auth: object): boolean {
  try {
    return JSON.stringify(auth).length <= AUTH_MAX;
  } catch {
    // Nested deeper than the stack.
    return false;
  }
}

/** Socket.IO keeps the handshake as long as the socket: of what a client may put there, only its place is wanted. */
function keepPlace({ handshake }: ImSocket): void {
  const pick = ({ after }: { after?: unknown }) => (['number', 'string'].includes(typeof after) ? { after } : {});
  Object.assign(handshake, { auth: pick(handshake.auth), query: pick(handshake.query) });
}

/**
 * Keeps of the request that has opened a connection what says where its client is and which language it wants, and the credentials
 * in it: the connection may still come to other namespaces. All else would be kept as long as it is open.
 */
function keepLittle(app: Application, { conn, handshake }: ImSocket): void {
  const { headers, method, socket, _query } = conn.request as IncomingMessage & { readonly _query: object };
  const { ipHeaders, hostHeaders, protocolHeaders } = app.config;
  const names = [
    'host',
    'accept-language',
    'authorization',
    ...`${ipHeaders},${hostHeaders},${protocolHeaders}`.split(/ *, */),
  ];
  const kept = Object.fromEntries(names.flatMap(name => (headers[name] === undefined ? [] : [[name, headers[name]]])));
  Object.assign(handshake, { headers: kept });
  Object.assign(conn, { request: { headers: kept, method, url: '/', socket, connection: socket, _query } });
}

const contexts = new WeakMap<IncomingMessage, Context>();

/** A context made of the request that opened a connection, the same one as long as that is kept. */
export function contextOf(app: Application, { request }: Pick<ImSocket, 'request'>): Context {
  const ctx = contexts.get(request) ?? (app.createContext(request, new ServerResponse(request)) as unknown as Context);
  contexts.set(request, ctx);
  return ctx;
}

/**
 * Lets a socket in or refuses it: the refusal's message is its code and its `data` the whole failure, which 2.x clients
 * get as `error`. Not a middleware of egg-socket.io, which would log each refusal as an error of the server.
 */
export function handshake(app: Application) {
  const admit = async (socket: ImSocket, next: (error?: Error) => void): Promise<void> => {
    const { auth, query }: { readonly auth: Credentials; readonly query: Credentials } = socket.handshake;
    keepPlace(socket);
    const credentials = typeof auth.token === 'string' ? auth : query;
    const ctx = contextOf(app, socket);
    const locale = ctx.localeFor([auth.lang, query.lang].find((each: unknown) => typeof each === 'string'));
    try {
      if (!isSmall(auth)) throw new AppError('TOO_LARGE');
      const { token = ctx.get('authorization'), deviceId, zone: asked = auth.zone } = credentials;
      const zone = zoneOf(asked, '/zone');
      if (typeof token !== 'string') throw new AppError('UNAUTHENTICATED');
      const actor = await app.common.service.account.session.authenticate(token.replace(BEARER, ''));
      if (deviceId !== undefined && deviceId !== actor.deviceId) throw new AppError('UNAUTHENTICATED');
      keepLittle(app, socket);
      socket.data = { ...actor, locale, zone, head: 0, given: new Given(), underWay: 0 } satisfies SocketData;
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
