import type { MiniProgram } from 'egg-im-client/mini-program';
import { readFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { basename } from 'node:path';
import { text } from 'node:stream/consumers';
import WebSocket from 'ws';

type Of<K extends keyof MiniProgram> = Parameters<MiniProgram[K]>[0];

/** What WeChat makes requests with; PATCH is not among it. */
const METHODS = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT'];

/** The part of WeChat that a mini-program works with, over real sockets and HTTP. What it stores outlives the program. */
export class Wx implements MiniProgram {
  readonly #storage = new Map<string, string>();

  connectSocket({ url, protocols = [] }: Of<'connectSocket'>): ReturnType<MiniProgram['connectSocket']> {
    const socket = new WebSocket(url, protocols);
    return {
      send: ({ data }) => {
        if (socket.readyState !== WebSocket.CONNECTING) socket.send(data);
      },
      close: ({ code = 1000, reason }) => socket.close(code, reason),
      onOpen: listener => socket.on('open', () => listener()),
      onMessage: listener =>
        socket.on('message', (data: Buffer, isBinary) =>
          listener({ data: isBinary ? new Uint8Array(data).buffer : data.toString() }),
        ),
      onClose: listener => socket.on('close', (code, reason) => listener({ code, reason: reason.toString() })),
      onError: listener => socket.on('error', ({ message: errMsg }) => listener({ errMsg })),
    };
  }

  request({ url, method, header, data, timeout, success, fail }: Of<'request'>): { abort(): void } {
    if (!METHODS.includes(method)) throw new TypeError(`request:fail invalid method ${method}`);
    const control = new AbortController();
    const signal = AbortSignal.any([control.signal, AbortSignal.timeout(timeout)]);
    answerOf(url, { method, headers: header, signal }, data as string | undefined).then(
      ({ answer, body }) => success({ statusCode: answer.statusCode!, header: headersOf(answer), data: body }),
      (error: unknown) => fail({ errMsg: `request:fail ${String(error)}` }),
    );
    return control;
  }

  uploadFile({ url, filePath, name, header, success, fail }: Of<'uploadFile'>) {
    const control = new AbortController();
    const listeners: ((at: { progress: number }) => void)[] = [];
    const boundary = 'a-mini-program';
    const disposition = `Content-Disposition: form-data; name="${name}"; filename="${basename(filePath)}"`;
    const body = Buffer.concat([
      Buffer.from(`--${boundary}\r\n${disposition}\r\nContent-Type: application/octet-stream\r\n\r\n`),
      readFileSync(filePath),
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]);
    const headers = { ...header, 'Content-Type': `multipart/form-data; boundary=${boundary}` };
    answerOf(url, { method: 'POST', headers, signal: control.signal }, body).then(
      ({ answer, body: data }) => {
        for (const listener of listeners) listener({ progress: 100 });
        success({ statusCode: answer.statusCode!, data });
      },
      (error: unknown) => fail({ errMsg: `uploadFile:fail ${String(error)}` }),
    );
    return {
      abort: () => control.abort(),
      onProgressUpdate: (listener: (at: { progress: number }) => void) => void listeners.push(listener),
    };
  }

  getStorageSync(key: string): string {
    return this.#storage.get(key) ?? '';
  }

  setStorageSync(key: string, value: string): void {
    this.#storage.set(key, value);
  }

  removeStorageSync(key: string): void {
    this.#storage.delete(key);
  }
}

interface Options {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly signal: AbortSignal;
}

async function answerOf(url: string, options: Options, body?: string | Buffer) {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, options, resolve).on('error', reject).end(body);
  });
  return { answer, body: await text(answer) };
}

/** As they are on the wire. */
function headersOf({ rawHeaders }: IncomingMessage): Record<string, string> {
  const pairs = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1]] as const] : []));
  return Object.fromEntries(pairs);
}
