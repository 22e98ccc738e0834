import { Service } from 'egg';
import type { Actor } from '../lib/auth/actor';
import { NOW } from '../lib/database/sequelize';
import { isMediaId, pathOfMedia } from '../lib/media/names';
import type { MediaModel } from '../model/media';
import { pictureDenial } from '../policy/media';
import { AppError, assertAllowed } from '../schema/errors';

/** As the answer of an upload names a medium, its signature included, or as a profile does. */
const OWN = /^\/media\/([^/?#]*)(?:[?#]|$)/;

type Address = string | null | undefined;

/** The pictures of users and groups, which everybody may see. */
export default class PictureService extends Service {
  /**
   * A profile as it is to be stored: its pictures are public from now on. Throws MEDIA_NOT_FOUND (no upload of the actor, nor the picture
   * of anybody), INVALID_INPUT (no picture, or at another host).
   */
  async publish<T extends { readonly avatar?: Address; readonly background?: Address }>(
    actor: Actor,
    profile: T,
  ): Promise<T> {
    const { avatar, background } = profile;
    return {
      ...profile,
      ...(avatar && { avatar: await this.addressOf(actor, 'avatar', avatar) }),
      ...(background && { background: await this.addressOf(actor, 'background', background) }),
    };
  }

  private async addressOf({ userId }: Actor, field: string, given: string): Promise<string> {
    const because = (message: string) => [{ path: `/${field}`, message }];
    const id = OWN.exec(given)?.[1];
    if (id === undefined) {
      const isRefused = /^https?:/.test(given) && !this.app.config.im.foreignMedia;
      if (isRefused) throw new AppError('INVALID_INPUT', because('pictures of other hosts are not taken'));
      return given;
    }
    const { Media } = this.app.model;
    const medium = isMediaId(id) ? await Media.findByPk(id, { include: 'file' }) : null;
    const missing = because('not among the uploads of the caller');
    assertAllowed(pictureDenial(userId, medium && factsOf(medium)), {
      INVALID_INPUT: because('no picture'),
      MEDIA_NOT_FOUND: missing,
    });
    // Before it is shown, because the purge goes by this; which may have taken it just now.
    const [kept] = await Media.update({ isPublic: true, lastUsedAt: NOW }, { where: { id } });
    if (kept === 0) throw new AppError('MEDIA_NOT_FOUND', missing);
    return pathOfMedia(id);
  }
}

function factsOf({ userId, isPublic, file, mime }: MediaModel) {
  // What a version before has stored has its type alone.
  return { userId, isPublic, kind: file?.kind ?? (mime.startsWith('image/') ? 'image' : 'file') };
}
