import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, opendir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DiskStorage, diskFailure, unlessMissing } from './storage/disk';
import { S3Storage } from './storage/s3';
import type { Storage, StorageOptions, StoredFile } from './storage/storage';

export interface Received {
  /** of the file, which is the caller's to discard */
  readonly path: string;
  /** SHA-256 of its bytes, in hex */
  readonly hash: string;
  /** bytes */
  readonly size: number;
}

/** Below the directory of all files: what comes in parts, a directory for each user. */
export const UPLOADS = 'uploads';

/** The key of the small picture of a file. */
export const thumbnailOf = (key: string) => `${key}.thumbnail`;

/** The uploaded files: on this machine until they are whole, then in the storage, under a key. */
export class MediaFiles {
  private readonly unfinishedDir;
  private readonly storage: Storage;

  constructor(
    private readonly dir: string,
    options: StorageOptions = { type: 'local' },
  ) {
    this.unfinishedDir = join(dir, 'unfinished');
    this.storage = options.type === 's3' ? new S3Storage(options) : new DiskStorage(dir);
  }

  /** Writes a file that nobody gets to see before `keep`; when it fails nothing is left. Throws UNAVAILABLE when the disk is full. */
  async receive(name: string, source: AsyncIterable<Buffer>): Promise<Received> {
    const path = join(this.unfinishedDir, name);
    const hash = createHash('sha256');
    let size = 0;
    async function* measured() {
      for await (const chunk of source) {
        hash.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    }
    try {
      await mkdir(this.unfinishedDir, { recursive: true });
      await pipeline(measured, createWriteStream(path, { flush: true }));
      return { path, hash: hash.digest('hex'), size };
    } catch (error) {
      await this.discard(path);
      throw diskFailure(error);
    }
  }

  /** What `receive` would have said of a file that is there. */
  async measure(path: string): Promise<Received> {
    const hash = createHash('sha256');
    const file = await open(path, 'r+');
    try {
      const stream = file.createReadStream({ autoClose: false });
      for await (const chunk of stream as AsyncIterable<Buffer>) hash.update(chunk);
      await file.sync();
      return { path, hash: hash.digest('hex'), size: (await file.stat()).size };
    } finally {
      await file.close();
    }
  }

  /** Puts a received file in its place, whatever is there. Its path is still the caller's to discard. */
  keep(key: string, path: string): Promise<void> {
    return this.storage.put(key, path);
  }

  /** Lets go of a received file, if it is not kept. */
  async discard(path: string): Promise<void> {
    await rm(path, { force: true });
  }

  /** bytes of a file; undefined when it is not there. */
  sizeOf(key: string): Promise<number | undefined> {
    return this.storage.sizeOf(key);
  }

  /** The file, for its reader to close; undefined when it is not there. */
  open(key: string): Promise<StoredFile | undefined> {
    return this.storage.open(key);
  }

  /** Takes a file away, with its small picture. */
  async remove(key: string): Promise<void> {
    await Promise.all([key, thumbnailOf(key)].map(each => this.storage.remove(each)));
  }

  /** Removes what a crash, or an uploader who has not come back, has left unfinished before a time; yields how many, file by file. */
  async *removeUnfinished(before: Date): AsyncGenerator<number, void> {
    yield* removeOld(this.unfinishedDir, before);
    yield* removeOld(join(this.dir, UPLOADS), before);
  }
}

/** Files of a directory and of those in it, which go when they are empty. */
async function* removeOld(dir: string, before: Date): AsyncGenerator<number, void> {
  const directory = await opendir(dir).catch(unlessMissing);
  for await (const entry of directory ?? []) {
    const path = join(dir, entry.name);
    const isOld = ((await stat(path).catch(unlessMissing))?.mtime ?? before) < before;
    if (entry.isDirectory()) {
      yield* removeOld(path, before);
      if (isOld) await rmdir(path).catch(unlessNotEmpty);
    } else {
      if (isOld) await rm(path, { force: true });
      yield Number(isOld);
    }
  }
}

function unlessNotEmpty(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY') throw error;
}
