import { Service } from 'egg';
import { Op, QueryTypes } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { editDenial, mentionDenial, recallDenial } from '../../policy/message';
import { assertAllowed } from '../../schema/errors';
import type { StoredMessage } from '../../lib/message/row';
import { messagesEntry } from '../../lib/stream/entry';
import { presentMessage } from '../../presenter/message';
import type { Json } from '../../schema/json';
import type { EditMessage, Message } from '../../schema/message';
import type { Scene } from '../transaction';

/** The values of a message that is recalled or deleted for both sides: nobody can read it in the database either. */
const ERASED = { content: '{}', mentions: null, mentionAll: false, extra: null, replyTo: null };

/**
 * How many earlier messages are searched for another mention of members whom a message does not mention any more. The
 * bound keeps a recall fast when a member has not read for a year.
 */
const LOOK_BACK = 5000;

const NOT_A_TEXT = { INVALID_INPUT: [{ path: '/seq', message: 'not a text' }] };
const NOT_MEMBERS = { INVALID_INPUT: [{ path: '/mentions', message: 'members alone can be mentioned' }] };

/** Edits and recalls of messages. */
export default class MessageChangeService extends Service {
  /**
   * Replaces the text of an own message. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, MESSAGE_NOT_FOUND, FORBIDDEN (written by
   * another), INVALID_INPUT (not a text, or a mention of a user who is no member), TOO_LATE, TOO_LARGE, MUTED, BLOCKED,
   * NOT_FRIENDS.
   */
  async edit(actor: Actor, conversationId: number, seq: number, given: EditMessage): Promise<Json<Message>> {
    const content = this.service.message.sending.contentOf({ type: 'text', content: given.content });
    const mentioned = given.mentions ?? [];
    return this.service.transaction.runIn(actor, conversationId, async scene => {
      const message = await this.service.message.history.findStanding(actor, scene, seq);
      const facts = this.service.transaction.writeFactsOf(actor, scene);
      const { editSeconds } = this.app.config.im;
      assertAllowed(editDenial({ ...facts, message, editSeconds }), NOT_A_TEXT);
      assertAllowed(mentionDenial(mentioned, scene.members), NOT_MEMBERS);

      const mentions = mentioned.length > 0 ? JSON.stringify(mentioned.map(String)) : null;
      const changes = { content, mentions, editedAt: new Date() };
      await this.app.model.Message.update(changes, {
        where: { conversationId, seq },
        transaction: scene.transaction,
      });
      await this.moveMentions(scene, message, mentioned);
      return this.tellChanged(scene, 'message.edited', { ...message, ...changes });
    });
  }

  /**
   * Marks the members whom an edited message mentions now, and takes the mark from those whom it does not mention any
   * more.
   */
  private async moveMentions(scene: Scene, { seq, mentions }: StoredMessage, now: readonly number[]): Promise<void> {
    const { conversation, transaction } = scene;
    const before = (JSON.parse(mentions ?? '[]') as string[]).map(Number);
    const added = now.filter(id => !before.includes(id));
    await this.app.model.ConversationMember.update(
      { mentionedSeq: seq },
      { where: { conversationId: conversation.id, userId: added, mentionedSeq: { [Op.lt]: seq } }, transaction },
    );
    if (before.some(id => !now.includes(id))) await this.settleMentions(scene, [seq]);
  }

  /**
   * Takes a message back, as `recallDenial` allows. A repeated recall changes nothing and has the same answer. Throws
   * CONVERSATION_NOT_FOUND, NOT_A_MEMBER, MESSAGE_NOT_FOUND, FORBIDDEN, TOO_LATE.
   */
  async recall(actor: Actor, conversationId: number, seq: number): Promise<Json<Message>> {
    return this.service.transaction.runIn(actor, conversationId, async scene => {
      const message = await this.service.message.history.find(actor, conversationId, seq, scene.transaction);
      const { userId } = actor;
      const isSenderOwner = message.senderId !== userId && (await this.isOwner(scene, message.senderId));
      const { members } = scene;
      const { recallSeconds } = this.app.config.im;
      assertAllowed(recallDenial({ userId, now: new Date(), members, message, isSenderOwner, recallSeconds }));
      if (message.recalledAt) return presentMessage(message);
      const recalled = { recalledAt: new Date(), recalledBy: userId };
      await this.erase(scene, [seq], recalled);
      return this.tellChanged(scene, 'message.recalled', { ...message, ...ERASED, ...recalled });
    });
  }

  private async isOwner({ conversation, transaction }: Scene, userId: number): Promise<boolean> {
    const where = { conversationId: conversation.id, userId, role: 'owner' as const };
    return (await this.app.model.ConversationMember.count({ where, transaction })) > 0;
  }

  /** Erases the content of messages, with their pins, reactions and stars, and marks their rows. */
  async erase(scene: Scene, seqs: number[], mark: { recalledAt: Date; recalledBy: number } | { deletedAt: Date }) {
    const { Message, MessagePin, MessageReaction, MessageStar } = this.app.model;
    const { conversation, transaction } = scene;
    const where = { conversationId: conversation.id, seq: seqs };
    await Message.update({ ...ERASED, ...mark }, { where, transaction });
    await MessagePin.destroy({ where, transaction });
    await MessageReaction.destroy({ where, transaction });
    await MessageStar.destroy({ where, transaction });
    await this.settleMentions(scene, seqs);
  }

  /**
   * Moves the mark of members whom one of these messages mentioned last to the latest unread one that still mentions
   * them.
   */
  private async settleMentions({ conversation, transaction }: Scene, seqs: readonly number[]): Promise<void> {
    const { id, mentionAllSeq } = conversation;
    const to = Math.max(...seqs);
    const range = { id, seqs, to, from: Math.max(0, to - LOOK_BACK) };
    if (seqs.includes(mentionAllSeq)) {
      // Index: message PRIMARY, one range.
      const [row] = await this.app.model.query<{ seq: number | null }>(
        'SELECT MAX(seq) AS seq FROM message WHERE conversation_id = :id AND seq BETWEEN :from AND :to AND mention_all = 1',
        { type: QueryTypes.SELECT, replacements: range, transaction },
      );
      await conversation.update({ mentionAllSeq: row.seq ?? 0 }, { transaction });
    }
    const where = { conversationId: id, mentionedSeq: [...seqs] };
    const read: number | null = await this.app.model.ConversationMember.min('readSeq', { where, transaction });
    if (read === null) return;
    // Index: conversation_member PRIMARY, message PRIMARY, one range of what is unread.
    await this.app.model.query(
      `UPDATE conversation_member m SET mentioned_seq = COALESCE((
        SELECT MAX(n.seq) FROM message n WHERE n.conversation_id = :id AND n.seq BETWEEN :from AND :to
          AND n.seq > m.read_seq AND n.mentions LIKE CONCAT('%"', m.user_id, '"%')
      ), 0) WHERE conversation_id = :id AND mentioned_seq IN (:seqs)`,
      { replacements: { ...range, from: Math.max(range.from, read + 1) }, transaction },
    );
  }

  private async tellChanged(
    scene: Scene,
    type: 'message.edited' | 'message.recalled',
    message: StoredMessage,
  ): Promise<Json<Message>> {
    const { seq } = message;
    const receiverIds = await this.service.message.history.viewersOf(scene, seq);
    scene.tell(messagesEntry(type, [message], receiverIds));
    return presentMessage(message);
  }
}
