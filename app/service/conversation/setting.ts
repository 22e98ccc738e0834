import { Service } from 'egg';
import { QueryTypes, type Transaction } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { AppError, invalidInput } from '../../schema/errors';
import { COUNT } from '../../lib/message/uncount';
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
/** A row and what there is around it, locked or unchanging. */
interface Found {
  readonly member: ConversationMemberModel;
  readonly conversation: ConversationModel;
  readonly now: Date;
  readonly transaction: Transaction;
}
type ChangesOf = (found: Found) => Changes | Promise<Changes>;

/** A place of a conversation, and how many messages count up to it. */
interface End {
  readonly seq: number;
  readonly count: number;
}

/** What users set and clear in a conversation for themselves. */
export default class ConversationSettingService extends Service {
  /** Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER. */
  async update(actor: Actor, conversationId: number, given: UpdateConversation): Promise<Json<Conversation>> {
    await this.change(actor, conversationId, settingsFrom(given));
    return this.service.conversation.list.show(actor, conversationId);
  }

  /**
   * What there is up to `seq`, or so far, is read, and gone for the actor. What is gone up to there already stays as it is. Throws
   * CONVERSATION_NOT_FOUND, NOT_A_MEMBER, INVALID_INPUT (no such message).
   */
  async clear(actor: Actor, conversationId: number, seq?: number): Promise<Json<Conversation>> {
    await this.change(actor, conversationId, async found => {
      if (seq !== undefined && seq <= found.member.clearedSeq) return {};
      return cleared(found.member, await this.endOf(found, seq));
    });
    return this.service.conversation.list.show(actor, conversationId);
  }

  /** The same, and takes the conversation off the list until the next message. Throws what `clear` throws. */
  async remove(actor: Actor, conversationId: number, seq?: number): Promise<void> {
    await this.change(actor, conversationId, async found => {
      const { member } = found;
      if (seq !== undefined && seq < member.hiddenSeq) return {};
      const end = await this.endOf(found, seq);
      return { ...cleared(member, end), hiddenSeq: end.seq + 1, draft: null, pinnedAt: null };
    });
  }

  /** What a client means by `seq`. Index: message PRIMARY. */
  private async endOf({ conversation, transaction }: Found, seq = conversation.lastSeq): Promise<End> {
    const { id: conversationId, lastSeq, count, purgedSeq } = conversation;
    if (seq === lastSeq) return { seq, count };
    // What is purged is not counted any more, whatever the place says.
    if (seq <= purgedSeq) return { seq, count: 0 };
    const rows = await this.app.model.query<{ count: number }>(
      `SELECT ${COUNT} AS count FROM message WHERE conversation_id = :conversationId AND seq = :seq`,
      { type: QueryTypes.SELECT, replacements: { conversationId, seq }, transaction },
    );
    const message = rows.at(0);
    if (!message) throw invalidInput('/seq', 'no such message');
    return { seq, count: message.count };
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
      member.set(await changesOf({ member, conversation, now: await unit.now(), transaction }));
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
  return ({ member: { pinnedAt }, conversation: { lastSeq }, now }) => ({
    ...(pinned !== undefined && { pinnedAt: pinned ? (pinnedAt ?? now) : null }),
    ...(notify && { notify }),
    ...(draft !== undefined && { draft: draft?.trim() ? draft : null }),
    // In a conversation without messages there is nothing to read that would take the mark away.
    ...(markedUnread && lastSeq > 0 && { markedUnread }),
  });
}

/** Places never move back. */
function cleared({ clearedSeq, readSeq, readCount }: ConversationMemberModel, { seq, count }: End): Changes {
  return {
    clearedSeq: Math.max(clearedSeq, seq),
    markedUnread: false,
    ...(seq > readSeq && { readSeq: seq, readCount: Math.max(readCount, count) }),
  };
}
