import { Service } from 'egg';
import type { Transaction } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { AppError } from '../../schema/errors';
import { receiptFor } from '../../lib/receipt/receipt_entry';
import type { ConversationModel } from '../../model/conversation';
import type { ConversationMemberModel } from '../../model/conversation_member';
import type { Conversation, UpdateConversation } from '../../schema/conversation';
import type { Json } from '../../schema/json';
import type { NewEntry } from '../../lib/stream/entry';

type Changes = Partial<
  Pick<
    ConversationMemberModel,
    'pinnedAt' | 'notify' | 'draft' | 'markedUnread' | 'readSeq' | 'readCount' | 'clearedSeq' | 'hiddenSeq'
  >
>;
type ChangesOf = (member: ConversationMemberModel, conversation: ConversationModel, now: Date) => Changes;

/** What users set and clear in a conversation for themselves. */
export default class ConversationSettingService extends Service {
  /** Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER. */
  async update(actor: Actor, conversationId: number, given: UpdateConversation): Promise<Json<Conversation>> {
    await this.change(actor, conversationId, settingsFrom(given));
    return this.service.conversation.list.show(actor, conversationId);
  }

  /** What there is so far is read, and gone for the actor. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER. */
  async clear(actor: Actor, conversationId: number): Promise<Json<Conversation>> {
    await this.change(actor, conversationId, cleared);
    return this.service.conversation.list.show(actor, conversationId);
  }

  /**
   * Clears the history and takes the conversation off the list until the next message. Throws CONVERSATION_NOT_FOUND,
   * NOT_A_MEMBER.
   */
  async remove(actor: Actor, conversationId: number): Promise<void> {
    await this.change(actor, conversationId, (member, conversation) => ({
      ...cleared(member, conversation),
      hiddenSeq: conversation.lastSeq + 1,
      draft: null,
      pinnedAt: null,
    }));
  }

  /**
   * Changes the actor's own row and tells it, if that changes anything. The row of the conversation is not locked: a group
   * would stand still for it, and the notices to all belong to a whole tenant. Instead the entry is made with the streams
   * locked, as that of a read is: what it counts is before it in the actor's stream, and the rest comes after it.
   */
  private change({ app, userId }: Actor, conversationId: number, changesOf: ChangesOf): Promise<void> {
    const { Conversation, ConversationMember } = this.app.model;
    return this.app.engine.transact(async unit => {
      const { transaction } = unit.session;
      const where = { conversationId, userId };
      const member = await ConversationMember.findOne({ where, lock: true, transaction });
      const conversation = await Conversation.findOne({ where: { id: conversationId, app }, transaction, raw: true });
      if (!conversation) throw new AppError('CONVERSATION_NOT_FOUND');
      if (!member) throw new AppError('NOT_A_MEMBER');
      member.set(changesOf(member, conversation, await unit.now()));
      if (!member.changed()) return;
      const receipts = member.changed('readSeq') ? await this.receiptOf(conversation, member, transaction) : [];
      await member.save({ transaction });
      await unit.lockStreams([userId, ...receipts.flatMap(each => each.receiverIds)]);
      const data = await this.service.conversation.list.state(userId, conversationId, transaction);
      for (const entry of receipts) unit.record(entry);
      unit.record({ type: 'conversation.updated', receiverIds: [userId], conversationId, data });
    });
  }

  /** Clearing a conversation also reads it, of which the other user of a single conversation is told. */
  private async receiptOf(
    { id, type }: ConversationModel,
    member: ConversationMemberModel,
    transaction: Transaction,
  ): Promise<NewEntry[]> {
    if (type !== 'single') return [];
    const members = await this.app.model.ConversationMember.findAll({
      where: { conversationId: id },
      attributes: ['userId'],
      transaction,
      raw: true,
    });
    return receiptFor(member, new Map([[id, members.map(each => each.userId)]]));
  }
}

function settingsFrom({ pinned, notify, draft, markedUnread }: UpdateConversation): ChangesOf {
  return ({ pinnedAt }, { lastSeq }, now) => ({
    ...(pinned !== undefined && { pinnedAt: pinned ? (pinnedAt ?? now) : null }),
    ...(notify && { notify }),
    ...(draft !== undefined && { draft: draft?.trim() ? draft : null }),
    // In a conversation without messages there is nothing to read that would take the mark away.
    ...(markedUnread && lastSeq > 0 && { markedUnread }),
  });
}

function cleared(_member: ConversationMemberModel, { lastSeq, count }: ConversationModel): Changes {
  return { clearedSeq: lastSeq, readSeq: lastSeq, readCount: count, markedUnread: false };
}
