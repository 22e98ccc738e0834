import type { Application } from 'egg';
import { WebSocketServer, type WebSocket } from 'ws';
import { refuse } from '../../io/http_server';
import { bufferSocket } from '../../io/buffer_socket';
import { Chat } from './chat';
import { serveUploads } from './uploads';

const PATH = '/chat/v1/message';
/** How often a connection is asked whether it is there still. */
const PING_MS = 25_000;

/** Serves the plain WebSockets of mini-programs. */
export function serveWebSocket(app: Application): void {
  serveUploads(app);
  const { packetMaxBytes, socketBufferBytes: connection, bufferBytes: all } = app.config.im;
  const server = new WebSocketServer({ noServer: true, maxPayload: packetMaxBytes });
  // It would answer without a code.
  server.on('wsClientError', (_error, duplex) => refuse(app, duplex, 'INVALID_INPUT'));
  app.webSockets.set(PATH, (request, duplex, head) => {
    app.connections.allow(request, (_refusal, isAllowed) => {
      if (!isAllowed) return refuse(app, duplex, 'TOO_MANY_CONNECTIONS');
      server.handleUpgrade(request, duplex, head, socket => {
        const watched = Object.assign(socket, { request });
        app.connections.watchPlain(watched);
        keepAlive(socket);
        const admit = (userId: number) => app.connections.admit(watched, userId);
        void Chat.serve(app, { request, socket, buffered: bufferSocket(socket, { connection, all }), admit });
      });
    });
  });
}

/** Ends a connection that has not answered for a whole interval. */
function keepAlive(socket: WebSocket): void {
  let isAlive = true;
  socket.on('pong', () => (isAlive = true));
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_MS);
  timer.unref();
  socket.once('close', () => clearInterval(timer));
  // What breaks a connection off is told by its end.
  socket.on('error', () => undefined);
}
