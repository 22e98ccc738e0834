import { WebSocket as WebSocketTransport } from 'engine.io-client';
import { asImError, ImError, noAnswer } from './error.js';
import type { ClientOptions } from './options.js';
import type { CancelSignal } from './media/cancel.js';
import type { Upload, Uploader } from './media/upload.js';
import type { Http } from './net/http.js';
import { bearer, dataOf } from './net/rest.js';
import type { Media } from './protocol.js';

/** The part of `wx` that is used here; other mini-programs have the same under another name. */
export interface MiniProgram {
  connectSocket(options: { url: string; protocols?: string[]; fail?(error: unknown): void }): SocketTask;
  request(options: {
    url: string;
    method: string;
    header: Record<string, string>;
    data?: unknown;
    timeout: number;
    dataType: string;
    success(answer: { statusCode: number; header: Record<string, string>; data: unknown }): void;
    fail(error: { errMsg?: string }): void;
  }): { abort(): void };
  uploadFile(options: {
    url: string;
    filePath: string;
    name: string;
    header: Record<string, string>;
    success(answer: { statusCode: number; data: string }): void;
    fail(error: { errMsg?: string }): void;
  }): { abort(): void; onProgressUpdate(listener: (at: { progress: number }) => void): void };
  getStorageSync(key: string): unknown;
  setStorageSync(key: string, value: string): void;
  removeStorageSync(key: string): void;
}

interface SocketTask {
  send(options: { data: string | ArrayBuffer }): void;
  close(options: { code?: number; reason?: string }): void;
  onOpen(listener: () => void): void;
  onMessage(listener: (message: { data: string | ArrayBuffer }) => void): void;
  onClose(listener: (closed: { code?: number; reason?: string }) => void): void;
  onError(listener: (error: unknown) => void): void;
}

/** Options for a client in a mini-program: `new Client({ url, ...miniProgram(wx) })`. A file to upload is named by its path. */
export function miniProgram(wx: MiniProgram): Partial<ClientOptions> {
  return {
    platform: 'mini',
    http: httpOf(wx),
    uploader: uploaderOf(wx),
    socket: { transports: [transportOf(wx)] },
    storage: {
      get: key => textOf(wx.getStorageSync(key)),
      set: (key, value) => wx.setStorageSync(key, value),
      remove: key => wx.removeStorageSync(key),
    },
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A transport of Socket.IO over a socket of the mini-program, which has no WebSocket. */
function transportOf(wx: MiniProgram): object {
  return class extends WebSocketTransport {
    override createSocket(url: string, protocols?: string | string[]): object {
      return new MiniSocket(wx, url, protocols === undefined ? undefined : [protocols].flat());
    }
  };
}

/** A SocketTask as a WebSocket. */
class MiniSocket {
  onopen?: () => void;
  onmessage?: (event: { data: string | ArrayBuffer }) => void;
  onclose?: (event: { code?: number; reason?: string }) => void;
  onerror?: (error: unknown) => void;
  readonly #task: SocketTask;

  constructor(wx: MiniProgram, url: string, protocols?: string[]) {
    this.#task = wx.connectSocket({ url, protocols, fail: error => this.onerror?.(error) });
    this.#task.onOpen(() => this.onopen?.());
    this.#task.onMessage(({ data }) => this.onmessage?.({ data }));
    this.#task.onClose(closed => this.onclose?.(closed));
    this.#task.onError(error => this.onerror?.(error));
  }

  send(data: string | ArrayBuffer): void {
    this.#task.send({ data });
  }

  close(code?: number, reason?: string): void {
    this.#task.close({ code, reason });
  }
}

const httpOf =
  (wx: MiniProgram): Http =>
  ({ method, url, headers, body, timeoutMs, signal }) =>
    withSignal(signal, (resolve, reject) =>
      wx.request({
        url,
        method,
        header: { ...headers },
        data: body,
        timeout: timeoutMs,
        // Anything else would be parsed on the way.
        dataType: 'text',
        success: ({ statusCode, header, data }) => {
          const names = new Map(Object.entries(header).map(([name, value]) => [name.toLowerCase(), value]));
          resolve({ status: statusCode, header: name => names.get(name), text: typeof data === 'string' ? data : '' });
        },
        fail: () => reject(noAnswer()),
      }),
    );

/** Whole, as a form: a mini-program can neither read a file in parts nor make a PATCH. */
const uploaderOf =
  (wx: MiniProgram): Uploader =>
  async (upload, server) => {
    const token = await server.token();
    try {
      return await uploadWhole(wx, upload, server.origin, token);
    } catch (error) {
      if (asImError(error).code !== 'TOKEN_EXPIRED') throw error;
      return uploadWhole(wx, upload, server.origin, await server.token(token));
    }
  };

function uploadWhole(wx: MiniProgram, upload: Upload, origin: string, token: string): Promise<Media> {
  const { source, onProgress, signal } = upload;
  if (typeof source !== 'string') throw new ImError('INVALID_INPUT', 'The file of an upload is a path.');
  return withSignal<Media>(signal, (resolve, reject) => {
    const task = wx.uploadFile({
      url: `${origin}/api/v1/media`,
      filePath: source,
      name: 'file',
      header: bearer(token),
      success: ({ statusCode, data }) => {
        try {
          resolve(dataOf({ status: statusCode, header: () => undefined, text: data }) as Media);
        } catch (error) {
          reject(asImError(error));
        }
      },
      fail: () => reject(noAnswer()),
    });
    task.onProgressUpdate(({ progress }) => onProgress?.(progress / 100));
    return task;
  });
}

/** What a task comes to, which the signal ends. */
async function withSignal<T>(
  signal: CancelSignal | undefined,
  begin: (resolve: (value: T) => void, reject: (error: ImError) => void) => { abort(): void },
): Promise<T> {
  if (signal?.aborted) throw new ImError('CANCELLED');
  let abort = (): void => undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      const task = begin(resolve, reject);
      abort = () => {
        task.abort();
        reject(new ImError('CANCELLED'));
      };
      signal?.addEventListener('abort', abort);
    });
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
