import { Service } from 'egg';
import { Op } from 'sequelize';
import { mailboxKey } from '../lib/delivery/broadcasts';
import { daysAgo, NOW } from '../lib/database/sequelize';
import type { Actor } from '../lib/auth/actor';
import type { ConversationMemberModel } from '../model/conversation_member';
import { passOver } from '../schema/errors';

/** Rows that are looked at, or taken away, together. */
const ROWS = 500;

/** The end of accounts. */
export default class DeletionService extends Service {
  /**
   * From now on nobody logs in to the account or writes by it; what it leaves goes afterwards, in portions. Throws
   * WRONG_CREDENTIALS, TOO_MANY_ATTEMPTS.
   */
  async destroy(actor: Actor, password: string, address: string): Promise<void> {
    const { account } = this.service;
    const user = await account.credentials.confirm(actor, password, address);
    await account.session.destroy(user, address);
    this.app.presence.announce([user.id]);
    // The purge goes on with what fails, or is cut off.
    this.finish(user.id).catch((error: unknown) => this.app.logger.warn(error));
  }

  /** Goes on where a crash has ended it, and frees the names of accounts whose time is over. */
  async resume(): Promise<void> {
    const { DeletedUser } = this.app.model;
    const over = { deletedAt: { [Op.lte]: daysAgo(this.app.config.im.accountDays) } };
    // Index: deleted_user PRIMARY; it has those of the last days alone.
    const users = await DeletedUser.findAll({ where: { [Op.or]: [{ doneAt: null }, over] }, attributes: ['userId'] });
    for (const { userId } of users) {
      try {
        await this.finish(userId);
        await this.free(userId, over);
      } catch (error) {
        // One that can not be seen to now does not hold up others.
        this.app.logger.warn(error);
      }
    }
  }

  /** Takes away what is left of a deleted user. May run at several places at once, and again. */
  private async finish(userId: number): Promise<void> {
    const deleted = await this.app.model.DeletedUser.findByPk(userId, { raw: true });
    if (!deleted) return;
    const actor: Actor = { app: deleted.app, userId, deviceId: '', sessionId: '' };
    await this.service.account.profile.forgetMembers(userId);
    await this.leaveAll(actor);
    await this.service.contact.parting.part(userId);
    await this.service.group.request.withdrawAll(actor);
    await this.clear(userId);
    await this.app.model.DeletedUser.update({ doneAt: NOW }, { where: { userId } });
  }

  /** Leaves groups to others, and ends conversations with one other user. */
  private async leaveAll(actor: Actor): Promise<void> {
    const { userId } = actor;
    for (let after = 0, full = true; full;) {
      // Index: conversation_member_user, one range.
      const rows = await this.app.model.ConversationMember.findAll({
        where: { userId, conversationId: { [Op.gt]: after } },
        include: { association: 'conversation', attributes: ['type', 'singleKey'] },
        order: ['conversationId'],
        limit: ROWS,
      });
      // Another run may have come first.
      for (const row of rows) await this.leave(actor, row).catch(passOver('CONVERSATION_NOT_FOUND', 'NOT_A_MEMBER'));
      full = rows.length === ROWS;
      after = rows.at(-1)?.conversationId ?? after;
    }
  }

  private async leave(actor: Actor, { conversationId, conversation }: ConversationMemberModel): Promise<void> {
    const { userId } = actor;
    if (conversation?.type === 'group') await this.service.group.member.leave(actor, conversationId);
    else if (conversation?.type === 'single' || conversation?.singleKey === mailboxKey(userId))
      await this.service.conversation.ending.end(actor, conversationId);
    // The notices to all are everybody's.
    else await this.app.model.ConversationMember.destroy({ where: { conversationId, userId } });
  }

  /** What nobody else is told of. Index: PRIMARY, each. */
  private async clear(userId: number): Promise<void> {
    const { MessageStar, MessageHidden, PushHistory, UserInbox } = this.app.model;
    const where = { userId };
    while ((await MessageStar.destroy({ where, limit: ROWS })) === ROWS);
    while ((await MessageHidden.destroy({ where, limit: ROWS })) === ROWS);
    while ((await PushHistory.destroy({ where: { receiverId: userId }, limit: ROWS })) === ROWS);
    await UserInbox.update({ firstSeq: this.app.model.literal('last_seq + 1') }, { where });
  }

  /** Others may take the account's name, if its time is over. No account can have the one that is put in its place. */
  private async free(userId: number, isOver: object): Promise<void> {
    const { DeletedUser, User } = this.app.model;
    await this.app.model.transaction(async transaction => {
      const freed = await DeletedUser.destroy({ where: { userId, ...isOver }, transaction });
      if (freed > 0) await User.update({ account: `:${userId}` }, { where: { id: userId }, transaction });
    });
  }
}
