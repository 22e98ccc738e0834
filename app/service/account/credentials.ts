import { Service } from 'egg';
import { UniqueConstraintError } from 'sequelize';
import type { Account } from '../../lib/auth/accounts';
import type { Actor } from '../../lib/auth/actor';
import { newId } from '../../lib/database/ids';
import type { ModelUnit } from '../../lib/engine';
import { broadcastKey } from '../../lib/delivery/broadcasts';
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
    const found = await this.app.engine.accounts.findByName(app, name);
    const user = await this.check(found, `${app}:${name}`, password);
    return this.service.account.session.open(user, deviceId, platform);
  }

  /** Returns the tokens with which the session goes on. Throws WRONG_CREDENTIALS, TOO_MANY_ATTEMPTS, SESSION_CLOSED. */
  async changePassword(actor: Actor, oldPassword: string, newPassword: string): Promise<Session> {
    const { accounts, passwords } = this.app.engine;
    const found = await accounts.findById(actor.userId);
    const name = `${actor.app}:${found?.account}`;
    const user = await this.check(found, name, oldPassword);
    return this.service.account.session.replacePassword(user, actor, await passwords.hash(name, newPassword));
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
  private async check(user: Account | undefined, name: string, password: string): Promise<Account> {
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
