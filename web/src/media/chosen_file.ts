import type { Attachment } from 'egg-im-client';
import type { Size } from './frame';
import type { MediaLimits } from './limits';
import { posterOf, sizeOf } from './measure';

/** A file as it will be sent. */
export interface ChosenFile {
  readonly id: number;
  readonly file: File;
  readonly type: 'image' | 'video' | 'file';
  /** Pixels of a picture or a film. */
  readonly size?: Size;
  /** Seconds of a film. */
  readonly duration?: number;
  readonly poster?: Blob;
  /** Why it can not be sent: more bytes than `limit`, or none. */
  readonly problem?: { readonly kind: 'large'; readonly limit: number } | { readonly kind: 'empty' | 'unreadable' };
}

/** What the server takes as pictures and films; everything else is a file, and so is what this browser can not read. */
const PICTURES = /^image\/(jpeg|png|gif|webp|avif)$/;
const FILMS = /^video\/(mp4|webm|quicktime)$/;

let last = 0;

/** Looks at a file. `asFile`: a picture is sent as a file, too. */
export async function fileOf(file: File, limits: MediaLimits | undefined, asFile = false): Promise<ChosenFile> {
  const made = { id: ++last, file, ...(asFile ? { type: 'file' as const } : await shownOf(file)) };
  // What a file is, its first bytes tell the server, whatever it is sent as.
  const kind = PICTURES.test(file.type) ? 'image' : FILMS.test(file.type) ? 'video' : 'file';
  const limit = limits?.[kind] ?? Infinity;
  if (file.size === 0) return { ...made, problem: { kind: 'empty' } };
  if (file.size > limit) return { ...made, problem: { kind: 'large', limit } };
  return (await isReadable(file)) ? made : { ...made, problem: { kind: 'unreadable' } };
}

type Looked = Pick<ChosenFile, 'type' | 'size' | 'duration' | 'poster'>;

async function shownOf(file: File): Promise<Looked> {
  const size = PICTURES.test(file.type) ? await sizeOf(file) : undefined;
  if (size) return { type: 'image', size };
  return FILMS.test(file.type) ? { type: 'video', ...(await posterOf(file)) } : { type: 'file' };
}

/** A folder that is dropped looks like a file. */
function isReadable(file: File): Promise<boolean> {
  return file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );
}

/** What a message with it holds until the server has it. */
export function draftOf({ file, type, size, duration, poster }: ChosenFile) {
  const attachment: Attachment = { source: file, name: file.name };
  const content = { name: file.name, size: file.size, mime: file.type, ...size, duration };
  return { type, content, attachment, ...(poster && { poster: { source: poster, name: 'poster.jpg' } }) };
}
