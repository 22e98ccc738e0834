import { Service } from 'egg';
import { AppError } from '../schema/errors';
import { readWith } from '../lib/database/sequelize';
import { mediaAddresses, type Signed } from '../lib/media/address';
import { thumbnailOf } from '../lib/media/files';
import { isShown } from '../lib/media/mime';
import { isMediaId } from '../lib/media/names';
import { rangeOf } from '../lib/media/range';
import type { StoredFile } from '../lib/media/storage/storage';
import { showsMedium } from '../lib/message/shows';
import type { MediaModel } from '../model/media';

/** What of a medium is wanted. */
export interface Wanted extends Signed {
  readonly isThumbnail: boolean;
  /** The headers `Range` and `If-Range`. */
  readonly range: string;
  readonly ifRange: string;
}

/** What is stored of a medium under one key. */
interface Stored {
  readonly key: string;
  readonly mime: string;
  /** bytes */
  readonly size: number;
}

export interface OpenMedia extends Stored {
  readonly name: string | null;
  readonly file: StoredFile;
  /** For how many seconds its address is good yet; undefined: for ever, and for everybody. */
  readonly seconds?: number;
  /** Whether a browser may show it in its place. */
  readonly isShown: boolean;
  readonly range: ReturnType<typeof rangeOf>;
}

export default class MediaService extends Service {
  /**
   * A medium, or the small picture of it, and its file, for the caller to close; of the file what a `Range` header wants, as `rangeOf`
   * says. Throws NOT_FOUND, ADDRESS_EXPIRED.
   */
  async open(id: string, { isThumbnail, range, ifRange, ...signed }: Wanted): Promise<OpenMedia> {
    const medium = isMediaId(id) ? await this.app.model.Media.findByPk(id, { include: 'file' }) : null;
    if (!medium) throw new AppError('NOT_FOUND');
    const seconds = medium.isPublic ? undefined : await this.requireShown(id, signed);
    const stored = isThumbnail ? thumbnailIn(medium) : originalIn(medium);
    const file = stored && (await this.app.engine.files.open(stored.key));
    if (!file) throw new AppError('NOT_FOUND');
    const isFresh = ['', `"${stored.key}"`].includes(ifRange);
    const part = rangeOf(isFresh ? range : '', stored.size);
    return { ...stored, name: medium.name, file, seconds, isShown: isShown(stored.mime), range: part };
  }

  /** For how many seconds yet this address is good. Throws NOT_FOUND, ADDRESS_EXPIRED. */
  private async requireShown(id: string, signed: Signed): Promise<number> {
    const seconds = mediaAddresses().verify(id, signed);
    const isGone = signed.in && !(await showsMedium(readWith(this.app.model), signed.in, id));
    if (isGone) throw new AppError('NOT_FOUND');
    return seconds;
  }
}

function originalIn({ id, fileId, mime, size }: MediaModel): Stored {
  return { key: fileId ?? id, mime, size };
}

/** The small picture; of a picture that has none, itself. */
function thumbnailIn(medium: MediaModel): Stored | undefined {
  const { id, kind, thumbnailSize } = medium.file ?? {};
  if (id && thumbnailSize) return { key: thumbnailOf(id), mime: 'image/webp', size: thumbnailSize };
  return (kind ?? medium.mime.split('/')[0]) === 'image' ? originalIn(medium) : undefined;
}
