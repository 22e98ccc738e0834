import { Service } from 'egg';
import type { Actor } from '../../lib/auth/actor';
import { presentMe } from '../../presenter/me';
import { presentUser } from '../../presenter/user';
import type { UserModel } from '../../model/user';
import type { Me, UpdateMe, User } from '../../schema/user';

/** What users show of themselves. */
export default class ProfileService extends Service {
  async me(actor: Actor): Promise<Me> {
    return presentMe(await this.find(actor));
  }

  async update(actor: Actor, changes: UpdateMe): Promise<Me> {
    const user = await this.find(actor);
    await this.service.media.touch(changes.avatar, changes.background);
    await user.update(changes);
    if (changes.hidePresence !== undefined) this.app.presence.announce([actor.userId]);
    return presentMe(user);
  }

  /** Throws USER_NOT_FOUND, also for a user of another app. */
  async show(actor: Actor, userId: number): Promise<User> {
    return presentUser(await this.service.account.directory.find(actor.app, userId));
  }

  private find({ app, userId }: Actor): Promise<UserModel> {
    return this.service.account.directory.find(app, userId);
  }
}
