import { Service } from 'egg';
import { UniqueConstraintError } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { AppError } from '../../schema/errors';
import type { ConversationMemberModel } from '../../model/conversation_member';
import type { Conversation, ReadState } from '../../schema/conversation';

/** Which conversation is meant, and who may ask. */
export default class ConversationService extends Service {
  /**
   * The actor's place in a conversation, of that type if one is named. Throws CONVERSATION_NOT_FOUND, also for one of
   * another app, NOT_A_MEMBER.
   */
  async membership(
    actor: Actor,
    conversationId: number,
    type?: Conversation['type'],
  ): Promise<ConversationMemberModel> {
    const { Conversation, ConversationMember } = this.app.model;
    const [conversation, member] = await Promise.all([
      Conversation.findOne({
        where: { id: conversationId, app: actor.app, ...(type && { type }) },
        attributes: ['id'],
        raw: true,
      }),
      ConversationMember.findOne({ where: { conversationId, userId: actor.userId }, raw: true }),
    ]);
    if (!conversation) throw new AppError('CONVERSATION_NOT_FOUND');
    if (!member) throw new AppError('NOT_A_MEMBER');
    return member;
  }

  /** The id of the single conversation with a user, which is made when it is not there. Throws USER_NOT_FOUND. */
  findOrCreateSingle(actor: Actor, userId: number): Promise<number> {
    const { singles } = this.app;
    const key = [actor.userId, userId].sort((a, b) => a - b).join(':');
    const known = singles.get(key);
    if (known) return known;
    // All who write to it at once wait for the same answer, and go on in the order in which they came.
    const found = this.lookUpSingle(actor, userId, key);
    singles.set(key, found);
    found.catch(() => singles.delete(key));
    return found;
  }

  private async lookUpSingle(actor: Actor, userId: number, singleKey: string): Promise<number> {
    const { Conversation } = this.app.model;
    const find = () => Conversation.findOne({ where: { singleKey }, attributes: ['id'], raw: true });
    const known = await find();
    if (known) return known.id;
    await this.service.account.profile.findIn(actor.app, userId);
    try {
      return await this.createSingle(actor, userId, singleKey);
    } catch (error) {
      // The other user may have written first, at another worker.
      const other = error instanceof UniqueConstraintError && (await find());
      if (!other) throw error;
      return other.id;
    }
  }

  private createSingle(actor: Actor, userId: number, singleKey: string): Promise<number> {
    const { Conversation, ConversationMember } = this.app.model;
    const at = new Date();
    return this.service.transaction.runWithId(async (id, { transaction }) => {
      await Conversation.create({ id, app: actor.app, type: 'single', singleKey, lastAt: at }, { transaction });
      const members = [...new Set([actor.userId, userId])].map(each => ({
        conversationId: id,
        userId: each,
        joinedAt: at,
      }));
      await ConversationMember.bulkCreate(members, { transaction });
      return id;
    });
  }

  /** Throws what `Reads.read` throws. */
  read({ app, userId }: Actor, conversationId: number, seq: number): Promise<ReadState> {
    return this.app.engine.reads.read({ app, userId, conversationId, seq });
  }
}
