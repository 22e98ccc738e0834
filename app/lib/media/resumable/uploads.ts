import { Server, type Upload } from '@tus/server';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, invalidInput } from '../../../schema/errors';
import { newSecretId } from '../../database/ids';
import { JobQueue } from '../../queue/job_queue';
import type { MediaBounds } from '../bounded';
import { UPLOADS } from '../files';
import { isMediaId } from '../names';
import { failureOf, refusalOf } from './failures';
import { UploadStore, type UnfinishedBounds } from './store';

/** Where uploads in parts begin, and below it each goes on. */
export const UPLOADS_PATH = '/api/v1/uploads';

/** Uploads that begin at once, and wait to begin. */
const BEGINNING = { atOnce: 16, ofOwner: 1, limit: 1000, share: 50 };

/** A file that has come in whole. */
export interface WholeFile {
  /** of the upload, and then of its medium */
  readonly id: string;
  readonly path: string;
  readonly name: string;
}

/** Who uploads, and what the rest of the service has to do with it. */
export interface Uploader {
  readonly userId: number;
  /** Called before an upload of so many bytes begins. May throw. */
  readonly begin: (size: number) => Promise<unknown>;
  /** Makes a medium of it, unless that has been done. May throw: what is worth a retry is called again. */
  readonly finish: (file: WholeFile) => Promise<unknown>;
}

export interface ResumableOptions {
  readonly mediaDir: string;
  readonly mediaMaxBytes: MediaBounds;
  readonly mediaUnfinished: UnfinishedBounds;
}

/** Uploads in parts, by the tus protocol (https://tus.io), each its user's alone. */
export class ResumableUploads {
  private server?: Promise<Server>;
  private store!: UploadStore;
  private readonly uploaders = new WeakMap<object, Uploader>();
  private readonly failures = new WeakMap<object, unknown>();
  private readonly finishing = new Map<string, Promise<unknown>>();
  private readonly beginning = new JobQueue(BEGINNING);

  /** @param wholeSizeOf bytes of the medium that an upload of a user's has become, if it has */
  constructor(
    private readonly options: ResumableOptions,
    private readonly wholeSizeOf: (userId: number, id: string) => Promise<number | undefined>,
  ) {}

  /** Answers a request of the protocol. Throws AppError where it refuses. */
  async handle(request: Request, uploader: Uploader): Promise<Response> {
    const server = await this.started();
    this.uploaders.set(request, uploader);
    const answer = () => server.handleWeb(request);
    const response = await (request.method === 'POST' ? this.beginning.run(uploader.userId, answer) : answer());
    if (this.failures.has(request)) throw this.failures.get(request);
    if (!response.ok) throw refusalOf(response.status, await response.text());
    return response;
  }

  /** Makes a medium of an upload that is whole, and has not become one. Returns whether there is such an upload. */
  async finish(id: string, uploader: Uploader): Promise<boolean> {
    await this.started();
    const upload = await this.store.getUpload(`${uploader.userId}/${id}`).catch(() => undefined);
    if (!upload || upload.offset !== upload.size) return false;
    await this.makeMedium(upload, uploader);
    return true;
  }

  private started(): Promise<Server> {
    this.server ??= this.start().catch((error: unknown) => {
      // A disk may be there later.
      this.server = undefined;
      throw error;
    });
    return this.server;
  }

  private async start(): Promise<Server> {
    const directory = join(this.options.mediaDir, UPLOADS);
    await mkdir(directory, { recursive: true });
    const { mediaMaxBytes, mediaUnfinished } = this.options;
    this.store = new UploadStore(directory, mediaMaxBytes, mediaUnfinished, name => {
      const [userId, id] = name.split('/');
      return this.wholeSizeOf(Number(userId), id);
    });
    const ownerOf = (request: object) => this.uploaders.get(request)!;
    return new Server({
      path: UPLOADS_PATH,
      datastore: this.store,
      namingFunction: request => `${ownerOf(request).userId}/${newSecretId()}`,
      // Below the user's own, whatever the address says.
      getFileIdFromRequest: (request, id = '') => (isMediaId(id) ? `${ownerOf(request).userId}/${id}` : undefined),
      generateUrl: (_request, { path, id }) => `${path}/${id.split('/')[1]}`,
      onUploadCreate: async (request, { size = 0 }) => {
        await this.assertMayBegin(size, ownerOf(request));
        return {};
      },
      onUploadFinish: async (request, upload) => {
        await this.makeMedium(upload, ownerOf(request));
        return {};
      },
      onResponseError: (request, error) => void this.failures.set(request, failureOf(error)),
    });
  }

  private async assertMayBegin(size: number, uploader: Uploader): Promise<void> {
    if (size === 0) throw invalidInput('/', 'a file with content is needed');
    const limit = Math.max(...Object.values(this.options.mediaMaxBytes));
    if (size > limit) throw new AppError('TOO_LARGE', { limit });
    await this.store.assertRoom(uploader.userId, size);
    await uploader.begin(size);
  }

  /** Once, however many ask for it. */
  private async makeMedium({ id: name, metadata }: Upload, uploader: Uploader): Promise<void> {
    const [, id] = name.split('/');
    const finish = async () => {
      try {
        await uploader.finish({ id, path: this.store.pathOf(name), name: metadata?.filename ?? '' });
      } catch (error) {
        // What can be tried again stays, and its uploader asks for the medium later.
        if (error instanceof AppError && !error.retryable) await this.store.forget(name);
        throw error;
      }
      await this.store.forget(name);
    };
    const finishing = this.finishing.get(name) ?? finish().finally(() => this.finishing.delete(name));
    this.finishing.set(name, finishing);
    await finishing;
  }
}
