import type { MediaModel } from '../model/media';
import type { Media } from '../schema/media';
import { present } from './present';

/** An uploaded file and the address at which clients find it. */
export function presentMedia({ size, mime, name }: Pick<MediaModel, 'size' | 'mime' | 'name'>, url: string): Media {
  return { url, size, mime, ...present({ name }) };
}
