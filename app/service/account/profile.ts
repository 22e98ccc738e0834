import { hash, verify } from '@node-rs/argon2';
import { Service } from 'egg';
import { UniqueConstraintError } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { settings } from '../../../config/settings';
import { AppError } from '../../schema/errors';
import { presentMe } from '../../presenter/me';
import { presentUser } from '../../presenter/user';
import type { UserModel } from '../../model/user';
import type { Login, Me, Register, Session, UpdateMe, User } from '../../schema/user';

const ATTEMPTS = 10;
const ATTEMPTS_SECONDS = 300;

/** Of no password: what an unknown account is checked against, so that it takes as long as a wrong password. */
const nobody = hash('no account has this password');

export default class AccountService extends Service {
  /** Throws ACCOUNT_TAKEN. */
  async register({ account, password, app = 'default', deviceId, platform, ...profile }: Register): Promise<Session> {
    const { User, UserInbox } = this.app.model;
    const passwordHash = await hash(password);
    const user = await this.service.transaction
      .runWithId(async (id, { transaction }) => {
        const noticeSeq = await this.service.notice.enter(id, app, transaction);
        await UserInbox.create({ userId: id, noticeSeq }, { transaction });
        return User.create({ id, app, account: account.toLowerCase(), passwordHash, ...profile }, { transaction });
      })
      .catch((error: unknown) => {
        throw error instanceof UniqueConstraintError ? new AppError('ACCOUNT_TAKEN') : error;
      });
    return this.service.account.session.open(user, deviceId, platform);
  }

  /** Throws WRONG_CREDENTIALS, TOO_MANY_ATTEMPTS. */
  async login({ account, password, app = 'default', deviceId, platform }: Login): Promise<Session> {
    const name = account.toLowerCase();
    const user = await this.app.model.User.findOne({ where: { app, account: name } });
    await this.check(user, `${app}:${name}`, password);
    return this.service.account.session.open(user!, deviceId, platform);
  }

  /** Throws WRONG_CREDENTIALS, TOO_MANY_ATTEMPTS. */
  async changePassword(actor: Actor, oldPassword: string, newPassword: string): Promise<void> {
    const user = await this.find(actor);
    await this.check(user, `${user.app}:${user.account}`, oldPassword);
    await this.service.account.session.replacePassword(actor, await hash(newPassword));
  }

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
    return presentUser(await this.findIn(actor.app, userId));
  }

  /** Throws USER_NOT_FOUND. */
  async findIn(app: string, userId: number): Promise<UserModel> {
    const user = await this.app.model.User.findOne({ where: { id: userId, app } });
    if (!user) throw new AppError('USER_NOT_FOUND');
    return user;
  }

  private find(actor: Actor): Promise<UserModel> {
    return this.findIn(actor.app, actor.userId);
  }

  /**
   * Attempts are counted for the account, wherever they come from, before they are looked at: many at once are no way
   * around it. Without Redis they are not counted.
   */
  private async check(user: UserModel | null, name: string, password: string): Promise<void> {
    const { redis } = this.app;
    const key = `egg-im:${settings.database.name}:attempts:${name}`;
    const counted = await redis
      .multi()
      .incr(key)
      .expire(key, ATTEMPTS_SECONDS)
      .exec()
      .catch(() => null);
    if (Number(counted?.[0][1] ?? 0) > ATTEMPTS) throw new AppError('TOO_MANY_ATTEMPTS');
    const right = await verify(user?.passwordHash ?? (await nobody), password);
    if (!user || !right) throw new AppError('WRONG_CREDENTIALS');
    await redis.del(key).catch(() => undefined);
  }
}
