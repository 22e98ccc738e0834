import { open } from 'node:fs/promises';
import type { MediaKind } from '../../../schema/media';
import { mimeOf } from '../mime';

/** What was found out about a file. */
export interface Described {
  readonly kind: MediaKind;
  readonly mime: string;
  /** pixels */
  readonly width?: number;
  readonly height?: number;
  /** seconds */
  readonly duration?: number;
  readonly blurhash?: string;
  /** Path of a picture to show in its place, for the caller to remove. */
  readonly thumbnail?: string;
  /** Path of the file to store instead, for the caller to remove. */
  readonly replaced?: string;
}

/** How much of a file is looked at to tell what it is. */
const BEGINNING = 512;

/** What a file is, whatever its uploader says of it. Throws AppError for one that is not to be stored. */
export async function inspect(path: string, said: string): Promise<Described> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(BEGINNING), 0, BEGINNING, 0);
    const mime = mimeOf(buffer.subarray(0, bytesRead), said);
    return { kind: kindOf(mime), mime };
  } finally {
    await file.close();
  }
}

/** The kind of media that a type of content is. */
export function kindOf(mime: string): MediaKind {
  const [type] = mime.split('/');
  if (type === 'audio') return 'voice';
  return type === 'image' || type === 'video' ? type : 'file';
}
