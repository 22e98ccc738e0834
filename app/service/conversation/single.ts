import { Service } from 'egg';
import { UniqueConstraintError } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { AppError } from '../../schema/errors';
import { newId } from '../../lib/database/ids';

/** The conversations of two users. */
export default class SingleService extends Service {
  /** The id of the single conversation with a user, which is made when it is not there. Throws USER_NOT_FOUND, RATE_LIMITED. */
  findOrCreate(actor: Actor, userId: number): Promise<number> {
    const { singles } = this.app;
    const key = keyOf(actor.userId, userId);
    const known = singles.get(key);
    if (known) return known;
    // All who write to it at once wait for the same answer, and go on in the order in which they came.
    const found = this.lookUp(actor, userId, key);
    singles.set(key, found);
    found.catch(() => singles.delete(key));
    return found;
  }

  /** Runs work in the single conversation with a user. One that is known may be gone by then: its user has deleted the account. */
  async within<T>(actor: Actor, userId: number, work: (id: number) => Promise<T>): Promise<T> {
    try {
      return await work(await this.findOrCreate(actor, userId));
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'CONVERSATION_NOT_FOUND') throw error;
      this.app.singles.delete(keyOf(actor.userId, userId));
      return work(await this.findOrCreate(actor, userId));
    }
  }

  /** The id of the single conversation with a user, if there is one. Index: conversation_single_key. */
  find(actor: Actor, userId: number): Promise<number | undefined> {
    return this.findByKey(keyOf(actor.userId, userId));
  }

  private async findByKey(singleKey: string): Promise<number | undefined> {
    const where = { singleKey };
    return (await this.app.model.Conversation.findOne({ where, attributes: ['id'], raw: true }))?.id;
  }

  private async lookUp(actor: Actor, userId: number, singleKey: string): Promise<number> {
    const known = await this.findByKey(singleKey);
    if (known) return known;
    await this.service.account.directory.find(actor.app, userId);
    await this.countStranger(actor, userId);
    try {
      return await this.create(actor, userId, singleKey);
    } catch (error) {
      // The other user may have written first, at another worker.
      const other = error instanceof UniqueConstraintError && (await this.findByKey(singleKey));
      if (!other) throw error;
      return other;
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

function keyOf(...userIds: readonly [number, number]): string {
  return [...userIds].sort((a, b) => a - b).join(':');
}
