import { Service } from 'egg';
import type { FileHandle } from 'node:fs/promises';
import { literal, Op } from 'sequelize';
import { AppError } from '../schema/errors';
import { NOW } from '../lib/database/sequelize';
import { isMediaId, mediaIdsIn } from '../lib/media/names';
import { isShown } from '../lib/media/mime';
import { HOUR_AGO } from '../lib/media/use';
import { rangeOf } from '../lib/media/range';
import type { MediaModel } from '../model/media';

export interface OpenMedia {
  readonly media: MediaModel;
  readonly file: FileHandle;
  /** Whether a browser may show it in its place. */
  readonly isShown: boolean;
  readonly range: ReturnType<typeof rangeOf>;
}

export default class MediaService extends Service {
  /**
   * A medium and its file, for the caller to close; of the file what a `Range` header wants, as `rangeOf` says. Throws
   * NOT_FOUND.
   */
  async open(id: string, range: string): Promise<OpenMedia> {
    const media = isMediaId(id) ? await this.app.model.Media.findByPk(id, { raw: true }) : null;
    const file = media && (await this.app.engine.files.open(media.fileId ?? id));
    if (!file) throw new AppError('NOT_FOUND');
    return { media, file, isShown: isShown(media.mime), range: rangeOf(range, media.size) };
  }

  /** Notes that the media which are named in these texts are in use: retention keeps them. */
  async touch(...texts: readonly (string | null | undefined)[]): Promise<void> {
    const ids = mediaIdsIn(...texts);
    if (ids.length === 0) return;
    // Index: media PRIMARY. Only now and then: a picture that everybody forwards is one row.
    const where = { id: ids, lastUsedAt: { [Op.lt]: literal(HOUR_AGO) } };
    await this.app.model.Media.update({ lastUsedAt: NOW }, { where });
  }
}
