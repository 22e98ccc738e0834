import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bindHttpServer } from '../../app/io/http_server';
import type { ErrorCode } from '../../app/schema/errors';
import { answerTo, dial, refusedRaw } from '../support/raw';
import { app, storesNothing } from '../support/service';

const HEAD = 'Host: x\r\nConnection: close\r\n';
const login = `POST /api/v1/auth/login HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\n`;

describe('a method that an address does not have', () => {
  it('is refused, with those it has in the header Allow', async () => {
    for (const [method, path, allow] of [
      ['TRACE', '/api/v1/users/me', 'DELETE, GET, HEAD, PATCH'],
      ['PUT', '/api/v1/groups', 'POST'],
      ['MKCOL', '/api/v1/groups/1', 'DELETE, GET, HEAD, PATCH'],
      ['OPTIONS', '/api/v1/groups', 'POST'],
      ['POST', '/docs', 'GET, HEAD'],
      ['DELETE', '/media/1', 'GET, HEAD'],
    ]) {
      const { head } = await refusedRaw(`${method} ${path} HTTP/1.1\r\n${HEAD}\r\n`, 'METHOD_NOT_ALLOWED');
      assert.match(head, new RegExp(`^allow: ${allow}\r?$`, 'm'), `${method} ${path}`);
    }
  });

  it('is not smuggled in by a header or a body', async () => {
    const post = `POST /api/v1/groups/1 HTTP/1.1\r\n${HEAD}`;
    await refusedRaw(`${post}X-HTTP-Method-Override: DELETE\r\nContent-Length: 0\r\n\r\n`, 'METHOD_NOT_ALLOWED');
    for (const body of ['{"_method":"DELETE"}', '{"_method":1}']) {
      const json = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
      await refusedRaw(post + json, 'METHOD_NOT_ALLOWED');
    }
  });

  it('is no way to an address that does not exist', async () => {
    for (const path of ['/api/v1/nothing', '/nothing', '*', '//x', '/public/nothing', '/api/v1/%E0%A4%A']) {
      await refusedRaw(`OPTIONS ${path} HTTP/1.1\r\n${HEAD}\r\n`, 'NOT_FOUND');
    }
  });
});

describe('what Node.js can not read as a request', () => {
  const unreadable: Record<string, [text: string, code: ErrorCode]> = {
    'a header that is too long': [`GET / HTTP/1.1\r\n${HEAD}X: ${'x'.repeat(1 << 20)}\r\n\r\n`, 'HEADERS_TOO_LARGE'],
    'an address that is too long': [
      `GET /api/v1/users?${'x'.repeat(20_000)} HTTP/1.1\r\n${HEAD}\r\n`,
      'HEADERS_TOO_LARGE',
    ],
    'no HTTP': ['\x16\x03\x01\x02\x00\x01\r\n\r\n', 'INVALID_INPUT'],
    'a method nobody knows': [`SMELL / HTTP/1.1\r\n${HEAD}\r\n`, 'INVALID_INPUT'],
    'another version': ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'INVALID_INPUT'],
    'a header that is none': ['GET / HTTP/1.1\r\nHo st: x\r\n\r\n', 'INVALID_INPUT'],
    'no host': ['GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 'INVALID_INPUT'],
    'a length that is none': [`${login}Content-Length: ten\r\n\r\n`, 'INVALID_INPUT'],
    'two lengths': [`${login}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`, 'INVALID_INPUT'],
    'a broken chunk': [`${login}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 'INVALID_INPUT'],
    'a body that is no gzip': [`${login}Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}`, 'INVALID_INPUT'],
    'an encoding nobody knows': [`${login}Content-Encoding: foo\r\nContent-Length: 2\r\n\r\n{}`, 'INVALID_INPUT'],
    'an expectation nobody knows': [`${login}Expect: miracles\r\nContent-Length: 2\r\n\r\n{}`, 'INVALID_INPUT'],
    'a tunnel': [`CONNECT x:80 HTTP/1.1\r\n${HEAD}\r\n`, 'INVALID_INPUT'],
    'an upgrade to what nobody speaks': [
      'GET /api/v1/users/me HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
      'INVALID_INPUT',
    ],
  };
  for (const [name, [text, code]] of Object.entries(unreadable)) {
    it(`is refused with a code, and the connection ends: ${name}`, async () => {
      await storesNothing(() => refusedRaw(text, code));
    });
  }
});

describe('a connection', () => {
  let server: Server;
  let port: number;

  beforeEach(async () => {
    server = createServer({ connectionsCheckingInterval: 10 }, app.callback() as RequestListener);
    bindHttpServer(app, server);
    await once(server.listen(0), 'listening');
    ({ port } = server.address() as AddressInfo);
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('is bounded in time, with enough of it for a large file on a slow line', () => {
    const { headersTimeout, requestTimeout, keepAliveTimeout, timeout } = server;
    assert.deepEqual(
      { headersTimeout, keepAliveTimeout, timeout },
      { headersTimeout: 20_000, keepAliveTimeout: 65_000, timeout: 60_000 },
    );
    const slow = 30_000;
    assert.ok(app.config.im.mediaMaxBytes.video / slow < requestTimeout / 1000, `at ${slow} bytes a second`);
  });

  it('ends with a code when no request has come in time', async () => {
    server.headersTimeout = 1;
    for (const text of ['', 'GET / HTTP/1.1\r\nHo']) await refusedRaw(text, 'REQUEST_TIMEOUT', port);
    server.headersTimeout = 20_000;
    server.requestTimeout = 1;
    await refusedRaw(`${login}Content-Length: 100\r\n\r\n{`, 'REQUEST_TIMEOUT', port);
  });

  it('ends when nothing moves on it', async () => {
    server.timeout = 1;
    const connection = dial(`${login}Content-Length: 100\r\n\r\n{`, port);
    // It may be told by a reset.
    await new Promise(resolve => connection.on('error', resolve).on('close', resolve));
  });

  it('serves others after all that', async () => {
    const { status } = await answerTo(`GET /healthz HTTP/1.1\r\n${HEAD}\r\n`, port);
    assert.equal(status, 200);
  });
});
