import { Service } from 'egg';
import { stat } from 'node:fs/promises';
import type { Actor } from '../lib/auth/actor';
import { newSecretId } from '../lib/database/ids';
import { NOW } from '../lib/database/sequelize';
import { SELECT_NOW } from '../lib/database/statement';
import { assertFits, bounded } from '../lib/media/bounded';
import { thumbnailOf, type Received } from '../lib/media/files';
import { daysBefore } from '../lib/retention/rows';
import type { MediaFileModel } from '../model/media_file';
import { presentMedia } from '../presenter/media';
import { invalidInput } from '../schema/errors';
import type { Media } from '../schema/media';

export interface Upload {
  readonly name: string;
  /** Bytes that the content has at least, as far as that is known, and at most. */
  readonly least: number;
  readonly most: number;
  readonly content: AsyncIterable<Buffer>;
  /** Resolves at the end of the whole request, when all of it was right. */
  readonly complete: () => Promise<void>;
}

const NAME = 255;

export default class UploadService extends Service {
  /**
   * Keeps an uploaded file. Throws QUOTA_EXCEEDED before anything is written, TOO_LARGE as soon as it is known, INVALID_INPUT for an
   * empty file or a broken picture, BUSY when too many wait to be looked at, what its content and `complete` throw, UNAVAILABLE when
   * the disk is full.
   */
  async create(actor: Actor, upload: Upload): Promise<Media> {
    const { files } = this.app.engine;
    const { mediaMaxBytes } = this.app.config.im;
    const giveBack = await this.app.limits.reserve('uploadBytes', actor.userId, upload.most);
    let unused = upload.most;
    try {
      const received = await files.receive(newSecretId(), bounded(upload, mediaMaxBytes));
      try {
        await upload.complete();
        const media = await this.keep(actor, received, upload.name);
        unused -= received.size;
        return media;
      } finally {
        await files.discard(received.path);
      }
    } finally {
      await giveBack(unused);
    }
  }

  /** Makes a medium of a received file. */
  async keep({ app, userId }: Actor, received: Received, name: string, id = newSecretId()): Promise<Media> {
    if (received.size === 0) throw invalidInput('/file', 'a file with content is needed');
    const file = (await this.find(received.hash)) ?? (await this.store(userId, received));
    const { id: fileId, size, mime } = file;
    const createdAt = await this.now();
    // Which says that nothing has used it yet.
    const lastUsedAt = daysBefore(createdAt, 1);
    const row = {
      id,
      app,
      userId,
      fileId,
      name: nameOf(name),
      size,
      mime,
      createdAt,
      lastUsedAt,
    };
    return presentMedia(await this.app.model.Media.create(row), file);
  }

  /** The same content, if it is there already. */
  private async find(hash: string): Promise<MediaFileModel | null> {
    const { MediaFile } = this.app.model;
    // First: from here on no purge takes it away.
    await MediaFile.update({ touchedAt: NOW }, { where: { id: hash } });
    const file = await MediaFile.findByPk(hash);
    // An upload may have ended between the row and the file.
    return file && (await this.app.engine.files.sizeOf(hash)) === file.size ? file : null;
  }

  /** The row first: what a crash leaves is found by the purge. The file last: once it is there all of it is. */
  private async store(userId: number, { hash: id, path, size }: Received): Promise<MediaFileModel> {
    const { files, inspector } = this.app.engine;
    const { thumbnail, replaced, ...described } = await inspector.inspect(userId, path);
    try {
      // Known for sure only now: a sound may begin as a video does.
      assertFits(size, described.kind, this.app.config.im.mediaMaxBytes);
      const stored = replaced ?? path;
      const row = { id, ...described, size: await sizeOf(stored), touchedAt: await this.now() };
      const thumbnailSize = thumbnail ? await sizeOf(thumbnail) : null;
      const [file] = await this.app.model.MediaFile.upsert({ ...row, thumbnailSize });
      if (thumbnail) await files.keep(thumbnailOf(id), thumbnail);
      await files.keep(id, stored);
      return file;
    } finally {
      for (const made of [thumbnail, replaced]) if (made) await files.discard(made);
    }
  }

  private async now(): Promise<Date> {
    const [{ now }] = await this.app.engine.database.select(SELECT_NOW);
    return now;
  }
}

const sizeOf = async (path: string) => (await stat(path)).size;

/** As it goes into a header: without a path, without control characters, and without half a character at its end. */
function nameOf(given: string): string | null {
  const name = given.replace(/^.*[\\/]|[\x00-\x1f\x7f]/gs, '').slice(0, NAME);
  return name.replace(/[\ud800-\udbff]$/, '') || null;
}
