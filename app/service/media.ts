import { Service } from 'egg';
import type { FileHandle } from 'node:fs/promises';
import { literal, Op } from 'sequelize';
import type { Actor } from '../lib/auth/actor';
import { AppError } from '../schema/errors';
import { NOW } from '../lib/database/sequelize';
import { SELECT_NOW } from '../lib/database/statement';
import { daysBefore } from '../lib/retention/rows';
import { newSecretId } from '../lib/database/ids';
import { isMediaId, mediaIdsIn, pathOfMedia } from '../lib/media/files';
import { isShown, mimeOf } from '../lib/media/mime';
import { HOUR_AGO } from '../lib/media/use';
import { rangeOf } from '../lib/media/range';
import type { MediaModel } from '../model/media';
import { presentMedia } from '../presenter/media';
import type { Media } from '../schema/media';

export interface Upload {
  readonly name: string;
  /** As the uploader says. */
  readonly mime: string;
  /** Most bytes that the content may have. */
  readonly most: number;
  readonly content: AsyncIterable<Buffer>;
  /** Resolves at the end of the whole request, when all of it was right. */
  readonly complete: () => Promise<void>;
}

export interface OpenMedia {
  readonly media: MediaModel;
  readonly file: FileHandle;
  /** Whether a browser may show it in its place. */
  readonly isShown: boolean;
  readonly range: ReturnType<typeof rangeOf>;
}

const NAME = 255;

export default class MediaService extends Service {
  /**
   * Keeps an uploaded file. Throws QUOTA_EXCEEDED before anything is written, what its content and `complete` throw, UNAVAILABLE
   * when the disk is full.
   */
  async create(actor: Actor, upload: Upload): Promise<Media> {
    const giveBack = await this.app.limits.reserve('uploadBytes', actor.userId, upload.most);
    let unused = upload.most;
    try {
      const media = await this.keep(actor, upload);
      unused -= media.size;
      return media;
    } finally {
      await giveBack(unused);
    }
  }

  private async keep({ app, userId }: Actor, upload: Upload): Promise<Media> {
    const { files } = this.app.engine;
    const id = newSecretId();
    const { size, beginning } = await files.write(id, upload.content);
    const mime = mimeOf(beginning, upload.mime);
    const name = nameOf(upload.name);
    let row: MediaModel | undefined;
    try {
      await upload.complete();
      // The row first: a crash before the file is in its place leaves nothing that nobody would ever look for.
      const [{ now: createdAt }] = await this.app.engine.database.select(SELECT_NOW);
      // Which says that nothing has used it yet.
      const lastUsedAt = daysBefore(createdAt, 1);
      row = await this.app.model.Media.create({ id, app, userId, name, size, mime, createdAt, lastUsedAt });
      await files.keep(id);
    } catch (error) {
      await files.discard(id);
      await row?.destroy();
      throw error;
    }
    return presentMedia(row, pathOfMedia(id));
  }

  /**
   * A medium and its file, for the caller to close; of the file what a `Range` header wants, as `rangeOf` says. Throws
   * NOT_FOUND.
   */
  async open(id: string, range: string): Promise<OpenMedia> {
    const media = isMediaId(id) ? await this.app.model.Media.findByPk(id, { raw: true }) : null;
    const file = media && (await this.app.engine.files.open(id));
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

/** As it goes into a header: without control characters, and without half a character at its end. */
function nameOf(given: string): string | null {
  const name = given.replace(/[\x00-\x1f\x7f]/g, '').slice(0, NAME);
  return name.replace(/[\ud800-\udbff]$/, '') || null;
}
