import type { Application } from 'egg';
import { contextOf } from '../../io/handshake';
import { failureOf, LocalClient } from '../local_client';
import { outsideOf } from '../outside';
import { Messenger, type WsNamespace, type WsSocket } from './messenger';

/** Serves the namespace /ws, to which clients of the conversations service come. */
export function serveWs(app: Application): void {
  const namespace = app.io.of('/ws') as unknown as WsNamespace;
  namespace.use((socket, next) => {
    enter(app, socket).then(
      () => next(),
      (error: unknown) => next(refusalOf(app, socket, error)),
    );
  });
  namespace.on('connection', socket => {
    app.connections.admit(socket.conn, socket.data.messenger.userId);
    socket.data.messenger.serve();
  });
}

/** Lets a socket in as a client of /im, as which it has the same credentials. Throws Refused, UNAVAILABLE. */
async function enter(app: Application, socket: WsSocket): Promise<void> {
  const { handshake, conn } = socket;
  const { auth } = handshake;
  const credentials = { token: textIn(auth.token), deviceId: textIn(auth.deviceId), lang: textIn(auth.lang) };
  // Socket.IO would keep it as long as the socket.
  handshake.auth = {};
  const client = await LocalClient.connect(app, outsideOf(app, socket), credentials);
  conn.once('close', () => client.close());
  socket.once('disconnect', () => client.close());
  if (conn.readyState !== 'open') client.close();
  socket.data.messenger = new Messenger(app, socket, client);
  await socket.data.messenger.ready;
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** As /im says it. */
function refusalOf(app: Application, socket: WsSocket, error: unknown): Error {
  const failure = failureOf(app, error, contextOf(app, socket).localeFor(''));
  // A refused client does not try again by itself, one that lost its connection does.
  if (failure.retryable) socket.conn.close();
  return Object.assign(new Error(failure.code), { data: failure });
}
