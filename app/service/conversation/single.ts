import { Service } from 'egg';
import { UniqueConstraintError } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { newId } from '../../lib/database/ids';

/** The conversations of two users. */
export default class SingleService extends Service {
  /** The id of the single conversation with a user, which is made when it is not there. Throws USER_NOT_FOUND, RATE_LIMITED. */
  findOrCreate(actor: Actor, userId: number): Promise<number> {
    const { singles } = this.app;
    const key = [actor.userId, userId].sort((a, b) => a - b).join(':');
    const known = singles.get(key);
    if (known) return known;
    // All who write to it at once wait for the same answer, and go on in the order in which they came.
    const found = this.lookUp(actor, userId, key);
    singles.set(key, found);
    found.catch(() => singles.delete(key));
    return found;
  }

  private async lookUp(actor: Actor, userId: number, singleKey: string): Promise<number> {
    const { Conversation } = this.app.model;
    const find = () => Conversation.findOne({ where: { singleKey }, attributes: ['id'], raw: true });
    const known = await find();
    if (known) return known.id;
    await this.service.account.directory.find(actor.app, userId);
    await this.countStranger(actor, userId);
    try {
      return await this.create(actor, userId, singleKey);
    } catch (error) {
      // The other user may have written first, at another worker.
      const other = error instanceof UniqueConstraintError && (await find());
      if (!other) throw error;
      return other.id;
    }
  }

  /** Throws RATE_LIMITED for who begins too many conversations with users who are no friends. Index: friend PRIMARY. */
  private async countStranger({ userId }: Actor, peerId: number): Promise<void> {
    const friend = await this.app.model.Friend.count({ where: { userId, friendId: peerId } });
    if (friend === 0) await this.app.limits.take('strangers', userId);
  }

  private create({ app, userId }: Actor, peerId: number, singleKey: string): Promise<number> {
    const { Conversation, ConversationMember } = this.app.model;
    return this.app.engine.transact(async unit => {
      const { transaction } = unit.session;
      const id = newId();
      const at = await unit.now();
      await Conversation.create({ id, app, type: 'single', singleKey, lastAt: at, createdAt: at }, { transaction });
      const userIds = [...new Set([userId, peerId])];
      await ConversationMember.bulkCreate(
        userIds.map(each => ({ conversationId: id, userId: each, joinedAt: at })),
        { transaction },
      );
      return id;
    });
  }
}
