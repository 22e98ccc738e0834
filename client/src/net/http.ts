import type { CancelSignal } from '../media/cancel.js';

/** A request as every runtime can make it. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'HEAD' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | ArrayBuffer | Blob;
  readonly timeoutMs: number;
  readonly signal?: CancelSignal;
}

/** What came back, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  /** By their names in lower case. */
  header(name: string): string | undefined;
  readonly text: string;
}

/** Makes a request, and rejects when no whole answer comes in time. */
export type Http = (request: HttpRequest) => Promise<HttpAnswer>;

/** By `fetch`, which browsers, Node.js and React Native have. */
export const fetchHttp: Http = async ({ method, url, headers, body, timeoutMs, signal }) => {
  const control = new AbortController();
  const abort = () => control.abort();
  const timer = setTimeout(abort, timeoutMs);
  signal?.addEventListener('abort', abort);
  try {
    const answer = await fetch(url, { method, headers, body: body ?? null, signal: control.signal });
    return { status: answer.status, header: name => answer.headers.get(name) ?? undefined, text: await answer.text() };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
};
