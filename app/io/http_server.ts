import type { Application } from 'egg';
import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { AppError, ERRORS, type ErrorCode } from '../schema/errors';

declare module 'egg' {
  interface Application {
    /** Who serves plain WebSockets, by the path of the request that opens one. */
    webSockets: Map<string, ServeWebSocket>;
  }
}

export type ServeWebSocket = (request: IncomingMessage, connection: Duplex, head: Buffer) => void;

/** How long a refused connection may stay, for its client to read why. */
const PARTING_MS = 1000;

/** What Node.js says of what it can not read as a request, or not in time, where that is not INVALID_INPUT. */
const CODES = new Map<string | undefined, ErrorCode>([
  ['HPE_HEADER_OVERFLOW', 'HEADERS_TOO_LARGE'],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 'TOO_LARGE'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 'REQUEST_TIMEOUT'],
]);

/** Gives the server its bounds of time, and answers what Node.js would refuse by itself and without a code. */
export function bindHttpServer(app: Application, server: Server): void {
  Object.assign(server, app.config.httpServer);
  // Egg would answer a page as well, and log each.
  Object.assign(app, { onClientError: () => undefined });
  server.on('clientError', ({ code }: NodeJS.ErrnoException, connection) => {
    refuse(app, connection, CODES.get(code) ?? 'INVALID_INPUT');
  });
  // Whatever else a client expects, it gets the answer that it would get anyway, as the standard allows.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('connect', (_request, connection) => refuse(app, connection, 'INVALID_INPUT'));
  server.on('upgrade', (request, connection, head) => {
    const [path] = (request.url ?? '').split('?');
    const serve = app.webSockets.get(path);
    if (serve) serve(request, connection, head);
    else if (!path.startsWith('/socket.io')) refuse(app, connection, 'INVALID_INPUT');
  });
}

/** Answers a request that is not to be one of a context of ours. */
export function refuse(app: Application, connection: Duplex, code: ErrorCode): void {
  // An answer has ended already, or nobody is there to read one.
  if (!connection.writable) return;
  const { status } = ERRORS[code];
  const body = JSON.stringify({ error: app.failureOf(new AppError(code), 'en-us') });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  connection.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  // Not at once: what the client is still sending would make its system drop the answer unread.
  setTimeout(() => connection.destroy(), PARTING_MS).unref();
}
