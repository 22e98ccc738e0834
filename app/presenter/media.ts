import { pathOfMedia } from '../lib/media/names';
import type { MediaModel } from '../model/media';
import type { MediaFileModel } from '../model/media_file';
import type { Media } from '../schema/media';
import { present } from './present';

type Described = Pick<MediaFileModel, 'kind' | 'size' | 'mime' | 'width' | 'height' | 'duration' | 'blurhash'>;

/** An uploaded file, what its content is, and the address at which clients find it. */
export function presentMedia({ id, name }: Pick<MediaModel, 'id' | 'name'>, file: Described): Media {
  const { kind, size, mime, width, height, duration, blurhash } = file;
  return { id, kind, url: pathOfMedia(id), size, mime, ...present({ name, width, height, duration, blurhash }) };
}
