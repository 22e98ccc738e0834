import { createHash } from 'node:crypto';
import { mkdir, open, opendir, rm, rmdir, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { JobQueue } from '../queue/job_queue';
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

/** What a file may have unwritten while it comes in: to write 25 MB at once takes the disk for longer than anybody likes to wait. */
const FLUSH_BYTES = 1 << 20;

/** The key of the small picture of a file. */
export const thumbnailOf = (key: string) => `${key}.thumbnail`;

/** The uploaded files: on this machine until they are whole, then in the storage, under a key. */
export class MediaFiles {
  private readonly flushes = new JobQueue({ atOnce: 1, limit: Infinity });
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
    let [size, flushed] = [0, 0];
    try {
      await mkdir(this.unfinishedDir, { recursive: true });
      await using(await open(path, 'w'), async file => {
        for await (const chunk of source) {
          hash.update(chunk);
          size += chunk.length;
          await file.appendFile(chunk);
          if (size - flushed < FLUSH_BYTES) continue;
          await this.flush(file);
          flushed = size;
        }
        await this.flush(file);
      });
      return { path, hash: hash.digest('hex'), size };
    } catch (error) {
      await this.discard(path);
      throw diskFailure(error);
    }
  }

  /** What `receive` would have said of a file that is there. */
  async measure(path: string): Promise<Received> {
    const hash = createHash('sha256');
    return using(await open(path, 'r+'), async file => {
      const stream = file.createReadStream({ autoClose: false });
      for await (const chunk of stream as AsyncIterable<Buffer>) hash.update(chunk);
      await this.flush(file);
      return { path, hash: hash.digest('hex'), size: (await file.stat()).size };
    });
  }

  /**
   * Has what was written reach the disk, which may be that of the database: one file at a time, and none for three times as long after
   * it, so that commits find the disk free.
   */
  private flush(file: FileHandle): Promise<void> {
    return new Promise((resolve, reject) => {
      void this.flushes.run(file, async () => {
        const start = performance.now();
        await file.sync().then(resolve, reject);
        await sleep(3 * (performance.now() - start));
      });
    });
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

/** Does something with a file, and closes it. */
async function using<T>(file: FileHandle, act: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    return await act(file);
  } finally {
    await file.close();
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
