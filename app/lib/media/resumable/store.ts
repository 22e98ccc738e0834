import { FileStore } from '@tus/file-store';
import { ERRORS, Upload } from '@tus/server';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { AppError } from '../../../schema/errors';
import { bounded, type MediaBounds } from '../bounded';

const DAY_MS = 86_400_000;

/** What a user may have of uploads that are not whole yet. */
export interface UnfinishedBounds {
  readonly uploads: number;
  /** as long as they will be */
  readonly bytes: number;
}

/** Uploads that come in parts. Each is named `<user>/<id>`, so that nobody can name another's. */
export class UploadStore extends FileStore {
  override extensions = ['creation', 'expiration', 'termination'];

  /** @param wholeSizeOf bytes of what an upload has become, if it was finished */
  constructor(
    override directory: string,
    private readonly bounds: MediaBounds,
    private readonly unfinished: UnfinishedBounds,
    private readonly wholeSizeOf: (id: string) => Promise<number | undefined>,
  ) {
    super({ directory, expirationPeriodInMilliseconds: DAY_MS });
  }

  /** Of a finished one whoever uploads it, and has not heard so, is told that it is there. */
  override async getUpload(id: string): Promise<Upload> {
    try {
      return await super.getUpload(id);
    } catch (error) {
      const size = error === ERRORS.FILE_NOT_FOUND ? await this.wholeSizeOf(id) : undefined;
      if (size === undefined) throw error;
      return new Upload({ id, size, offset: size });
    }
  }

  /** Throws TOO_LARGE by the first bytes, and lets go of the upload then. */
  override async write(readable: Readable, id: string, offset: number): Promise<number> {
    if (offset > 0) return super.write(readable, id, offset);
    const { size = 0 } = await this.getUpload(id);
    let refusal: unknown;
    const { bounds } = this;
    // Who refuses it does not end it: the client is still sending, and gets an answer.
    const content = readable.iterator({ destroyOnReturn: false });
    async function* checked() {
      try {
        yield* bounded({ content, least: size }, bounds);
      } catch (error) {
        refusal = error;
        throw error;
      }
    }
    try {
      return await super.write(Readable.from(checked()), id, offset);
    } catch (error) {
      if (!(refusal instanceof AppError)) throw error;
      await this.remove(id);
      throw refusal;
    }
  }

  /** Throws LIMIT_REACHED when a user has too many, or too long ones, for one more of that size. */
  async assertRoom(userId: number, size: number): Promise<void> {
    const names = await readdir(join(this.directory, String(userId))).catch(() => []);
    const ids = names.filter(name => !name.includes('.')).map(name => `${userId}/${name}`);
    const uploads = await Promise.all(ids.map(id => this.configstore.get(id)));
    const bytes = uploads.reduce((sum, upload) => sum + (upload?.size ?? 0), size);
    if (ids.length >= this.unfinished.uploads) throw new AppError('LIMIT_REACHED', { limit: this.unfinished.uploads });
    if (bytes > this.unfinished.bytes) throw new AppError('LIMIT_REACHED', { limit: this.unfinished.bytes });
  }

  /** Where the bytes of an upload are. */
  pathOf(id: string): string {
    return join(this.directory, id);
  }

  /** Lets go of an upload, whatever is left of it. */
  async forget(id: string): Promise<void> {
    await Promise.all(['', '.json'].map(end => rm(`${this.pathOf(id)}${end}`, { force: true })));
  }
}
