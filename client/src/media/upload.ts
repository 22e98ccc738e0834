import { ImError, noAnswer } from '../error.js';
import type { HttpAnswer, HttpRequest } from '../net/http.js';
import { dataOf } from '../net/rest.js';
import type { Media } from '../protocol.js';
import type { CancelSignal } from './cancel.js';

/** A file on its way to the server. */
export interface Upload {
  /** A Blob; an uploader for another runtime takes what files are there. */
  readonly source: unknown;
  readonly name?: string;
  /** Where it goes on, if it was begun before. */
  readonly uploadUrl?: string;
  /** Told where it can go on when it breaks. */
  readonly keep?: (uploadUrl: string) => Promise<void>;
  /** Told how much of it is there, from 0 to 1. */
  readonly onProgress?: (part: number) => void;
  /** Ends it: it rejects with `CANCELLED`. */
  readonly signal?: CancelSignal;
}

/** What an uploader works with. */
export interface UploadServer {
  /** Where the server is. */
  readonly origin: string;
  /** A request with the access token of the session, a new one where it has expired. Rejects with an ImError when no answer comes. */
  send(request: Omit<HttpRequest, 'headers'> & { headers?: Record<string, string> }): Promise<HttpAnswer>;
  /** The access token, for what makes requests by itself; `stale`: that which was refused with TOKEN_EXPIRED. */
  token(stale?: string): Promise<string>;
}

/** Brings a file to the server. Rejects with an ImError. */
export type Uploader = (upload: Upload, server: UploadServer) => Promise<Media>;

/** Large against the costs of a request, small against what a bad network takes in a minute. */
const PART_BYTES = 512 * 1024;
const TIMEOUT_MS = 60_000;
const TUS = { 'tus-resumable': '1.0.0' };

/** Uploads a Blob in parts, by the tus protocol: what breaks goes on where it was. */
export const uploadInParts: Uploader = async (upload, server) => {
  const { source, onProgress, signal } = upload;
  if (!(source instanceof Blob)) throw new ImError('INVALID_INPUT', 'The file of an upload is a Blob.');
  const known = upload.uploadUrl === undefined ? undefined : await offsetOf(upload.uploadUrl, upload, server);
  const url = known === undefined ? await begin(source, upload, server) : upload.uploadUrl!;
  for (let at = known ?? 0; at < source.size;) {
    onProgress?.(at / source.size);
    at = await sendPart(url, at, source, signal, server);
  }
  onProgress?.(1);
  // Also makes the server finish what it could not when the last part came.
  return dataOf(await server.send({ method: 'GET', url, timeoutMs: TIMEOUT_MS, signal })) as Media;
};

/** Sends what follows on a place. Resolves with the place behind it. */
async function sendPart(
  url: string,
  at: number,
  source: Blob,
  signal: CancelSignal | undefined,
  server: UploadServer,
): Promise<number> {
  const answer = await server.send({
    method: 'PATCH',
    url,
    headers: { ...TUS, 'upload-offset': String(at), 'content-type': 'application/offset+octet-stream' },
    body: source.slice(at, at + PART_BYTES),
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  // The server has less, or more, than it has told: the next try asks again.
  if (answer.status === 409) throw noAnswer();
  if (answer.status >= 400) dataOf(answer);
  const next = Number(answer.header('upload-offset') ?? NaN);
  if (Number.isNaN(next)) throw noAnswer();
  return next;
}

async function begin(source: Blob, { name, keep, signal }: Upload, server: UploadServer): Promise<string> {
  const answer = await server.send({
    method: 'POST',
    url: `${server.origin}/api/v1/uploads`,
    headers: {
      ...TUS,
      'upload-length': String(source.size),
      ...(name && { 'upload-metadata': `filename ${base64(name)}` }),
    },
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  if (answer.status >= 400) dataOf(answer);
  const location = answer.header('location');
  if (!location) throw noAnswer();
  const url = location.startsWith('/') ? server.origin + location : location;
  await keep?.(url);
  return url;
}

/** How much of it the server has; undefined when it knows of none. */
async function offsetOf(url: string, { signal }: Upload, server: UploadServer): Promise<number | undefined> {
  const answer = await server.send({ method: 'HEAD', url, headers: TUS, timeoutMs: TIMEOUT_MS, signal });
  if (answer.status === 404 || answer.status === 410) return undefined;
  const offset = Number(answer.header('upload-offset') ?? NaN);
  if (answer.status >= 400 || Number.isNaN(offset)) throw noAnswer();
  return offset;
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
