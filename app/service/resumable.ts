import { Service } from 'egg';
import type { Actor } from '../lib/auth/actor';
import { isMediaId } from '../lib/media/names';
import type { Uploader } from '../lib/media/resumable/uploads';
import { presentMedia } from '../presenter/media';
import { AppError } from '../schema/errors';
import type { Media } from '../schema/media';

/** How often each kind of request may come. */
const LIMITS = { POST: 'uploads', PATCH: 'writes', DELETE: 'writes', HEAD: 'reads', OPTIONS: 'reads' } as const;

/** Uploads in parts. An upload and its medium have the same id. */
export default class ResumableService extends Service {
  /**
   * Answers a request of the tus protocol. Throws what the protocol refuses, TOO_LARGE as soon as it is known, LIMIT_REACHED for too many
   * that are not whole, and what `create` of an upload in one piece throws.
   */
  async handle(actor: Actor, request: Request): Promise<Response> {
    await this.app.limits.take(LIMITS[request.method as keyof typeof LIMITS], actor.userId);
    return this.app.engine.uploads.handle(request, this.uploaderOf(actor));
  }

  /** The medium that an upload of one's own has become. Throws NOT_FOUND while it is not whole, and what finishing it throws. */
  async show(actor: Actor, id: string): Promise<Media> {
    const { uploads } = this.app.engine;
    const media = isMediaId(id)
      ? ((await this.find(actor, id)) ??
        ((await uploads.finish(id, this.uploaderOf(actor))) && (await this.find(actor, id))))
      : undefined;
    if (!media) throw new AppError('NOT_FOUND');
    return media;
  }

  private async find({ userId }: Actor, id: string): Promise<Media | undefined> {
    const medium = await this.app.model.Media.findOne({ where: { id, userId }, include: 'file' });
    return medium?.file ? presentMedia(medium, medium.file) : undefined;
  }

  private uploaderOf(actor: Actor): Uploader {
    const { limits, engine } = this.app;
    const { userId } = actor;
    return {
      userId,
      // All of it, when it begins, and for good: what has not come in is bounded with what has.
      begin: size => limits.reserve('uploadBytes', userId, size),
      finish: async ({ id, path, name }) => {
        // It may be there, and its uploader not know it.
        if (await this.find(actor, id)) return;
        await this.service.upload.keep(actor, await engine.files.measure(path), name, id);
      },
    };
  }
}
