import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../../schema/errors';
import type { Storage, StoredFile } from './storage';

/** No room left, or a disk that takes nothing: worth a retry, later. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EROFS']);

/** A directory, which all nodes have to share. */
export class DiskStorage implements Storage {
  constructor(private readonly dir: string) {}

  /** The path has to be of the same file system: renaming is one step. */
  async put(key: string, path: string): Promise<void> {
    const place = this.place(key);
    try {
      await mkdir(dirname(place), { recursive: true });
      await rename(path, place);
    } catch (error) {
      throw diskFailure(error);
    }
  }

  async sizeOf(key: string): Promise<number | undefined> {
    return (await stat(this.place(key)).catch(unlessMissing))?.size;
  }

  async open(key: string): Promise<StoredFile | undefined> {
    return open(this.place(key)).catch(unlessMissing);
  }

  async remove(key: string): Promise<void> {
    await rm(this.place(key), { force: true });
  }

  private place(key: string): string {
    return join(this.dir, key.slice(0, 2), key);
  }
}

/** What a failure of the disk is for who waits: UNAVAILABLE when it takes nothing more. */
export function diskFailure(error: unknown): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  return FULL.has(code) ? Object.assign(new AppError('UNAVAILABLE'), { cause: error }) : error;
}

export function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
