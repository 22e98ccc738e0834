import { Service } from 'egg';
import { UniqueConstraintError } from 'sequelize';
import type { Account } from '../../lib/auth/accounts';
import { isBcrypt } from '../../lib/auth/passwords';
import type { Actor } from '../../lib/auth/actor';
import { newId } from '../../lib/database/ids';
import type { ModelUnit } from '../../lib/engine';
import { broadcastKey } from '../../lib/delivery/broadcasts';
import { AppError } from '../../schema/errors';
import type { Login, Register, Session } from '../../schema/user';
import type { Attempt } from './attempt';

/** How users show who they are. */
export default class CredentialsService extends Service {
  /** For somebody, or as an admin for others. Throws REGISTRATION_CLOSED, TENANT_NOT_FOUND, ACCOUNT_TAKEN. */
  async register(
    { account, password, app = 'default', deviceId, platform, ...profile }: Register,
    isAdmin: boolean,
    address: string,
  ): Promise<Session> {
    if (this.app.config.im.registration === 'closed' && !isAdmin) throw new AppError('REGISTRATION_CLOSED');
    this.requireTenant(app);
    const { User, UserInbox } = this.app.model;
    const name = account.toLowerCase();
    const passwordHash = await this.app.engine.passwords.hash(address, password);
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

  /** Throws TENANT_NOT_FOUND, WRONG_CREDENTIALS, TOO_MANY_ATTEMPTS. */
  async login({ account, password, app = 'default', deviceId, platform }: Login, address: string): Promise<Session> {
    this.requireTenant(app);
    const name = account.toLowerCase();
    const found = await this.app.engine.accounts.findByName(app, name);
    const user = await this.check(found, password, { name: `${app}:${name}`, address, deviceId });
    return this.service.account.session.open(await this.renewed(user, password, address), deviceId, platform);
  }

  /** A user whose password was imported gets a hash of this service's own. */
  private async renewed(user: Account, password: string, address: string): Promise<Account> {
    const { id, passwordHash: old } = user;
    if (!isBcrypt(old)) return user;
    const passwordHash = await this.app.engine.passwords.hash(address, password);
    await this.app.model.User.update({ passwordHash }, { where: { id, passwordHash: old } });
    return { ...user, passwordHash };
  }

  /** Returns the tokens with which the session goes on. Throws WRONG_CREDENTIALS, TOO_MANY_ATTEMPTS, SESSION_CLOSED. */
  async changePassword(actor: Actor, oldPassword: string, newPassword: string, address: string): Promise<Session> {
    const user = await this.confirm(actor, oldPassword, address);
    const passwordHash = await this.app.engine.passwords.hash(address, newPassword);
    return this.service.account.session.replacePassword(user, actor, passwordHash);
  }

  /** The actor's account, when that is its password. Throws WRONG_CREDENTIALS, TOO_MANY_ATTEMPTS. */
  async confirm(actor: Actor, password: string, address: string): Promise<Account> {
    const found = await this.app.engine.accounts.findById(actor.userId);
    const name = `${actor.app}:${found?.account}`;
    return this.check(found, password, { name, address, deviceId: actor.deviceId });
  }

  private requireTenant(app: string): void {
    const { tenants } = this.app.config.im;
    if (!['*', app].some(each => tenants.includes(each))) throw new AppError('TENANT_NOT_FOUND');
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

  /** Throws WRONG_CREDENTIALS, TOO_MANY_ATTEMPTS. */
  private async check(user: Account | undefined, password: string, attempt: Omit<Attempt, 'userId'>): Promise<Account> {
    const { passwords } = this.app.engine;
    const look = async () =>
      (await passwords.verify(attempt.address, user?.passwordHash, password)) && user !== undefined;
    const right = await this.service.account.attempt.counted({ ...attempt, userId: user?.id }, look);
    if (!user || !right) throw new AppError('WRONG_CREDENTIALS');
    return user;
  }
}
