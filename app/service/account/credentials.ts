import { Service } from 'egg';
import { UniqueConstraintError } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { newId } from '../../lib/database/ids';
import type { ModelUnit } from '../../lib/engine';
import { broadcastKey } from '../../lib/delivery/broadcasts';
import type { UserModel } from '../../model/user';
import { AppError } from '../../schema/errors';
import type { Login, Register, Session } from '../../schema/user';

const ATTEMPTS = 10;
const ATTEMPTS_SECONDS = 300;

/** How users show who they are. */
export default class CredentialsService extends Service {
  /** Throws ACCOUNT_TAKEN. */
  async register({ account, password, app = 'default', deviceId, platform, ...profile }: Register): Promise<Session> {
    const { User, UserInbox } = this.app.model;
    const name = account.toLowerCase();
    const passwordHash = await this.app.engine.passwords.hash(`${app}:${name}`, password);
    const create = async (unit: ModelUnit) => {
      const { transaction } = unit.session;
      const id = newId();
      const noticeSeq = await this.enterBroadcast(id, app, unit);
      await UserInbox.create({ userId: id, noticeSeq }, { transaction });
      return User.create({ id, app, account: name, passwordHash, ...profile }, { transaction });
    };
    const user = await this.app.engine.transact(create).catch((error: unknown) => {
      throw error instanceof UniqueConstraintError ? new AppError('ACCOUNT_TAKEN') : error;
    });
    return this.service.account.session.open(user, deviceId, platform);
  }

  /** Throws WRONG_CREDENTIALS, TOO_MANY_ATTEMPTS. */
  async login({ account, password, app = 'default', deviceId, platform }: Login): Promise<Session> {
    const name = account.toLowerCase();
    const found = await this.app.model.User.findOne({ where: { app, account: name } });
    const user = await this.check(found, `${app}:${name}`, password);
    return this.service.account.session.open(user, deviceId, platform);
  }

  /** Throws WRONG_CREDENTIALS, TOO_MANY_ATTEMPTS. */
  async changePassword(actor: Actor, oldPassword: string, newPassword: string): Promise<void> {
    const user = await this.service.account.directory.find(actor.app, actor.userId);
    const name = `${user.app}:${user.account}`;
    await this.check(user, name, oldPassword);
    const passwordHash = await this.app.engine.passwords.hash(name, newPassword);
    await this.service.account.session.replacePassword(actor, passwordHash);
  }

  /** Makes a new user one of those who get notices to all, from the next on. Returns how far these are. */
  private async enterBroadcast(userId: number, app: string, unit: ModelUnit): Promise<number> {
    const { Conversation, ConversationMember } = this.app.model;
    const { transaction } = unit.session;
    const broadcast = await Conversation.findOne({ where: { singleKey: broadcastKey(app) }, raw: true, transaction });
    if (!broadcast) return 0;
    const { id: conversationId, lastSeq, count: readCount } = broadcast;
    // Hidden, because there is nothing in it for them before the next.
    const places = { joinedSeq: lastSeq, readSeq: lastSeq, hiddenSeq: lastSeq + 1, readCount };
    const joinedAt = await unit.now();
    await ConversationMember.create({ conversationId, userId, ...places, joinedAt }, { transaction });
    return lastSeq;
  }

  /**
   * Attempts are counted for the account, wherever they come from, before they are looked at: many at once are no way
   * around it. Without Redis they are not counted.
   */
  private async check(user: UserModel | null, name: string, password: string): Promise<UserModel> {
    const { redis, config } = this.app;
    const key = `${config.im.redisPrefix}:attempts:${name}`;
    const counted = await redis
      .multi()
      .incr(key)
      .expire(key, ATTEMPTS_SECONDS)
      .exec()
      .catch(() => null);
    if (Number(counted?.[0][1] ?? 0) > ATTEMPTS) throw new AppError('TOO_MANY_ATTEMPTS');
    const right = await this.app.engine.passwords.verify(name, user?.passwordHash, password);
    if (!user || !right) throw new AppError('WRONG_CREDENTIALS');
    await redis.del(key).catch(() => undefined);
    return user;
  }
}
