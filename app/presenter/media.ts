import { mediaAddresses } from '../lib/media/address';
import type { MediaModel } from '../model/media';
import type { MediaFileModel } from '../model/media_file';
import type { Media } from '../schema/media';
import { present } from './present';

type Described = Pick<
  MediaFileModel,
  'kind' | 'size' | 'mime' | 'width' | 'height' | 'duration' | 'blurhash' | 'thumbnailSize'
>;

/** An uploaded file, what its content is, and the addresses at which its uploader finds it for a while. */
export function presentMedia({ id, name }: Pick<MediaModel, 'id' | 'name'>, file: Described): Media {
  const { kind, size, mime, width, height, duration, blurhash } = file;
  const { url, thumbnailUrl } = mediaAddresses().of(id);
  const small = kind === 'image' || file.thumbnailSize ? thumbnailUrl : undefined;
  return {
    id,
    kind,
    size,
    mime,
    ...present({ name, width, height, duration, blurhash }),
    url,
    ...present({ thumbnailUrl: small }),
  };
}
