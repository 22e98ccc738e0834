import type { Media } from '../../app/schema/media';
import type { Person } from './person';
import { Refusal, type Failure } from './refusal';
import { url } from './service';

export interface File {
  readonly content: string | Buffer;
  readonly name?: string;
  readonly type?: string;
  readonly field?: string;
}

/** The smallest PNG there is: one pixel. */
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
  'base64',
);

export function formOf(...files: readonly File[]): FormData {
  const form = new FormData();
  for (const { content, name = 'a file', type = '', field = 'file' } of files) {
    form.append(field, new Blob([typeof content === 'string' ? content : new Uint8Array(content)], { type }), name);
  }
  return form;
}

/** Node.js asks for it where a body is a stream. */
const STREAMED = { duplex: 'half' };

/** The process that looks at the first picture has to start. */
const PATIENCE_MS = 45_000;

/** Posts a body to the upload call. Throws Refusal. */
export async function post({ session }: Person, body: BodyInit, headers: Record<string, string> = {}): Promise<Media> {
  const response = await fetch(`${url()}/api/v1/media`, {
    method: 'POST',
    body,
    ...STREAMED,
    headers: { authorization: `Bearer ${session.accessToken}`, ...headers },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const answer = (await response.json()) as { data: Media; error?: Failure };
  if (answer.error) throw new Refusal(answer.error, response.status);
  return answer.data;
}

export const upload = (someone: Person, file: File) => post(someone, formOf(file));

/** The id of the medium that an address is of. */
export const idOf = (url: string) => /^\/media\/([\w-]{22})/.exec(url)![1];

/** A medium as a browser gets it: without a token. */
export function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> {
  return fetch(`${url()}${path}`, { method, headers, signal: AbortSignal.timeout(10_000) });
}
