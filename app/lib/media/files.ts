import { createWriteStream } from 'node:fs';
import { mkdir, open, opendir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../schema/errors';

/** Path of a medium, below the address of this server. */
export const pathOfMedia = (id: string) => `/media/${id}`;

const ID = /^[\w-]{22}$/;
/** Wherever it stands, so that no way of naming a medium leaves it unprotected. */
const PATH = /\/media\/([\w-]{22})(?![\w-])/g;
/** How much of a file is looked at to tell what it is. */
const BEGINNING = 512;
/** No room left, or a disk that takes nothing: worth a retry, later. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EROFS']);

export function isMediaId(text: string): boolean {
  return ID.test(text);
}

/** Ids of the media that are named in these texts. */
export function mediaIdsIn(...texts: readonly (string | null | undefined)[]): string[] {
  const named = texts.filter(text => text?.includes('/media/'));
  return [...new Set(named.flatMap(text => [...text!.matchAll(PATH)].map(([, id]) => id)))];
}

export interface Written {
  /** bytes */
  readonly size: number;
  readonly beginning: Buffer;
}

/** The uploaded files, in one directory for all nodes. A file is there whole, or not at all. */
export class MediaFiles {
  /** On the same file system, so that renaming is one step. */
  private readonly unfinishedDir;

  constructor(private readonly dir: string) {
    this.unfinishedDir = join(dir, 'unfinished');
  }

  /** Writes a file that nobody gets to see before `keep`; when it fails nothing is left. Throws UNAVAILABLE when the disk is full. */
  async write(id: string, source: AsyncIterable<Buffer>): Promise<Written> {
    let size = 0;
    let beginning = Buffer.alloc(0);
    async function* measured() {
      for await (const chunk of source) {
        if (size < BEGINNING) beginning = Buffer.concat([beginning, chunk]).subarray(0, BEGINNING);
        size += chunk.length;
        yield chunk;
      }
    }
    try {
      await mkdir(this.unfinishedDir, { recursive: true });
      await pipeline(measured, createWriteStream(this.unfinished(id), { flush: true }));
      return { size, beginning };
    } catch (error) {
      await this.discard(id);
      throw translate(error);
    }
  }

  /** Puts a written file in its place. */
  async keep(id: string): Promise<void> {
    const place = this.place(id);
    try {
      await mkdir(dirname(place), { recursive: true });
      await rename(this.unfinished(id), place);
    } catch (error) {
      throw translate(error);
    }
  }

  /** Lets go of a written file that is not to be kept. */
  async discard(id: string): Promise<void> {
    await rm(this.unfinished(id), { force: true });
  }

  /** The file, for its reader to close; undefined when it is not there. */
  async open(id: string): Promise<FileHandle | undefined> {
    return open(this.place(id)).catch(unlessMissing);
  }

  async remove(id: string): Promise<void> {
    await rm(this.place(id), { force: true });
  }

  /** Removes what a crash has left unfinished before a time; yields how many, file by file. */
  async *removeUnfinished(before: Date): AsyncGenerator<number, void> {
    const directory = await opendir(this.unfinishedDir).catch(unlessMissing);
    for await (const { name } of directory ?? []) {
      const file = await stat(this.unfinished(name)).catch(unlessMissing);
      const isOld = file !== undefined && file.mtime < before;
      if (isOld) await this.discard(name);
      yield Number(isOld);
    }
  }

  private place(id: string): string {
    return join(this.dir, id.slice(0, 2), id);
  }

  private unfinished(id: string): string {
    return join(this.unfinishedDir, id);
  }
}

function translate(error: unknown): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  return FULL.has(code) ? Object.assign(new AppError('UNAVAILABLE'), { cause: error }) : error;
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
