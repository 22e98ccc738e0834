import { Service } from 'egg';
import type { Transaction } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { editDenial, mentionDenial, recallDenial } from '../../policy/message';
import { assertAllowed } from '../../schema/errors';
import { mentionsOf, type StoredMessage } from '../../lib/message/row';
import { messagesEntry } from '../../lib/stream/entry';
import { presentMessage } from '../../presenter/message';
import type { Json } from '../../schema/json';
import type { EditMessage, Message } from '../../schema/message';
import type { ModelUnit } from '../../lib/engine';
import type { LockedConversation } from '../../lib/message/locked_conversation';
import { moveMentions, settleMentions } from '../../lib/message/mentions';

/** The values of a message that is recalled or deleted for both sides: nobody can read it in the database either. */
const ERASED = { content: '{}', mentions: null, mentionAll: false, extra: null, replyTo: null };

const NOT_A_TEXT = { INVALID_INPUT: [{ path: '/seq', message: 'not a text' }] };
const NOT_MEMBERS = { INVALID_INPUT: [{ path: '/mentions', message: 'members alone can be mentioned' }] };

/** Edits and recalls of messages. */
export default class MessageChangeService extends Service {
  /**
   * Replaces the text of an own message. A repeated edit changes nothing and has the same answer. Throws
   * CONVERSATION_NOT_FOUND, NOT_A_MEMBER, MESSAGE_NOT_FOUND, FORBIDDEN (written by another), INVALID_INPUT (not a text, or a
   * mention of a user who is no member), TOO_LATE, TOO_LARGE, MUTED, BLOCKED, NOT_FRIENDS.
   */
  async edit(actor: Actor, conversationId: number, seq: number, given: EditMessage): Promise<Json<Message>> {
    const content = this.service.message.sending.contentOf({ type: 'text', content: given.content });
    const mentioned = given.mentions ?? [];
    return this.service.conversation.access.runShared(actor, conversationId, async (conversation, unit) => {
      const message = await this.service.message.history.findStanding(actor, conversation, unit, seq);
      const facts = this.service.conversation.access.writeFactsOf(actor, conversation);
      const { editSeconds } = this.app.config.im;
      assertAllowed(editDenial({ ...facts, message, editSeconds }), NOT_A_TEXT);
      assertAllowed(mentionDenial(mentioned, conversation.members), NOT_MEMBERS);

      const mentions = mentionsOf(mentioned);
      // It is sent again, or nothing is another.
      if (content === message.content && mentions === message.mentions) return presentMessage(message);
      const changes = { content, mentions, editedAt: conversation.at };
      await this.app.model.Message.update(changes, {
        where: { conversationId, seq },
        transaction: unit.session.transaction,
      });
      unit.defer(...moveMentions(conversation, message, { seq, mentions }));
      return this.recordChange(conversation, unit, 'message.edited', { ...message, ...changes });
    });
  }

  /**
   * Takes a message back, as `recallDenial` allows. A repeated recall changes nothing and has the same answer. Throws
   * CONVERSATION_NOT_FOUND, NOT_A_MEMBER, MESSAGE_NOT_FOUND, FORBIDDEN, TOO_LATE.
   */
  async recall(actor: Actor, conversationId: number, seq: number): Promise<Json<Message>> {
    return this.service.conversation.access.runShared(actor, conversationId, async (conversation, unit) => {
      const { members, at: now } = conversation;
      const { transaction } = unit.session;
      const message = await this.service.message.history.find(actor, conversationId, seq, transaction);
      const { userId } = actor;
      const isSenderOwner =
        message.senderId !== userId && (await this.isOwner(conversationId, message.senderId, transaction));
      const { recallSeconds } = this.app.config.im;
      assertAllowed(recallDenial({ userId, now, members, message, isSenderOwner, recallSeconds }));
      if (message.recalledAt) return presentMessage(message);
      const recalled = { recalledAt: now, recalledBy: userId };
      await this.erase(conversation, unit, [seq], recalled);
      return this.recordChange(conversation, unit, 'message.recalled', { ...message, ...ERASED, ...recalled });
    });
  }

  private async isOwner(conversationId: number, userId: number, transaction: Transaction): Promise<boolean> {
    const where = { conversationId, userId, role: 'owner' as const };
    return (await this.app.model.ConversationMember.count({ where, transaction })) > 0;
  }

  /** Erases the content of messages, with their pins, reactions and stars, and marks their rows. */
  async erase(
    conversation: LockedConversation,
    unit: ModelUnit,
    seqs: number[],
    mark: { recalledAt: Date; recalledBy: number } | { deletedAt: Date },
  ): Promise<void> {
    const { Message, MessagePin, MessageReaction, MessageStar } = this.app.model;
    const { transaction } = unit.session;
    const where = { conversationId: conversation.id, seq: seqs };
    await Message.update({ ...ERASED, ...mark }, { where, transaction });
    await MessagePin.destroy({ where, transaction });
    await MessageReaction.destroy({ where, transaction });
    await MessageStar.destroy({ where, transaction });
    unit.defer(...settleMentions(conversation, seqs));
  }

  private async recordChange(
    conversation: LockedConversation,
    unit: ModelUnit,
    type: 'message.edited' | 'message.recalled',
    message: StoredMessage,
  ): Promise<Json<Message>> {
    const { seq } = message;
    const receiverIds = await this.service.message.history.viewersOf(conversation, unit, seq);
    unit.record(messagesEntry(type, [message], receiverIds));
    return presentMessage(message);
  }
}
