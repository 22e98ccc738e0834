import type { MediaKind } from '../../../schema/media';

/** What a file is, by its content alone. */
export interface Described {
  readonly kind: MediaKind;
  readonly mime: string;
  /** Pixels, as it is shown. */
  readonly width?: number;
  readonly height?: number;
  /** Seconds. */
  readonly duration?: number;
  /** A placeholder of some 28 characters, see blurha.sh. */
  readonly blurhash?: string;
  /** Path of a small WebP picture of it. */
  readonly thumbnail?: string;
  /** Path of the file to keep in its place: upright, and without what told where it was taken. */
  readonly replaced?: string;
}

/** Paths of what an inspection makes, beside the file itself. */
export const madeOf = (path: string) => ({ thumbnail: `${path}.thumbnail`, replaced: `${path}.replaced` });
