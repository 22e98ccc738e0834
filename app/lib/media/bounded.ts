import { AppError } from '../../schema/errors';
import type { MediaKind } from '../../schema/media';
import { kindOf } from './mime';

/** Most bytes of each kind. */
export type MediaBounds = Readonly<Record<MediaKind, number>>;

/** How much of a file is looked at to tell of which kind it is. */
const BEGINNING = 4096;

export interface Incoming {
  readonly content: AsyncIterable<Buffer>;
  /** Bytes that it has at least, as far as that is known. */
  readonly least: number;
}

/** Throws TOO_LARGE for more bytes than a file of that kind may have. */
export function assertFits(size: number, kind: MediaKind, bounds: MediaBounds): void {
  if (size > bounds[kind]) throw new AppError('TOO_LARGE', { limit: bounds[kind] });
}

/** The content as it comes, as long as it may be: its beginning tells of which kind it is. Throws TOO_LARGE as soon as it is known. */
export async function* bounded({ content, least }: Incoming, bounds: MediaBounds): AsyncGenerator<Buffer, void> {
  let beginning = Buffer.alloc(0);
  let kind: MediaKind | undefined;
  let size = 0;
  const kindSoFar = () => (kind ??= kindOf(beginning));
  for await (const chunk of content) {
    size += chunk.length;
    if (!kind) beginning = Buffer.concat([beginning, chunk.subarray(0, BEGINNING)]);
    if (beginning.length >= BEGINNING) assertFits(Math.max(size, least), kindSoFar(), bounds);
    yield chunk;
  }
  assertFits(size, kindSoFar(), bounds);
}
