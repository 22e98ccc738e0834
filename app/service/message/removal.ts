import { Service } from 'egg';
import { QueryTypes } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { removalDenial, removalPlaceDenial } from '../../policy/message';
import { assertAllowed } from '../../schema/errors';
import type { Scene } from '../transaction';

/** Deletes messages for one user, or for both sides of a single conversation. */
export default class MessageRemovalService extends Service {
  /**
   * Deletes messages for the actor alone; those that the actor has deleted before are passed over. Throws
   * CONVERSATION_NOT_FOUND, NOT_A_MEMBER, MESSAGE_NOT_FOUND.
   */
  async hide(actor: Actor, conversationId: number, seqs: readonly number[]): Promise<void> {
    const { userId } = actor;
    const { MessageHidden } = this.app.model;
    await this.service.transaction.runIn(actor, conversationId, async ({ transaction, tell }) => {
      // Index: message_hidden PRIMARY.
      const rows = await MessageHidden.findAll({
        where: { userId, conversationId, seq: [...seqs] },
        transaction,
        raw: true,
      });
      const known = new Set(rows.map(row => row.seq));
      const hidden = seqs.filter(seq => !known.has(seq)).sort((a, b) => a - b);
      if (hidden.length === 0) return;
      await this.service.message.history.findAll(actor, conversationId, hidden, transaction);
      await MessageHidden.bulkCreate(
        hidden.map(seq => ({ userId, conversationId, seq })),
        { transaction },
      );
      tell({ type: 'message.hidden', receiverIds: [userId], conversationId, data: { seqs: hidden } });
    });
  }

  /**
   * Deletes the actor's own messages for both sides, all of them or none. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER,
   * MESSAGE_NOT_FOUND, FORBIDDEN (written by another, or not in a single conversation).
   */
  async remove(actor: Actor, conversationId: number, seqs: readonly number[]): Promise<void> {
    await this.service.transaction.runIn(actor, conversationId, async scene => {
      const { conversation, members, transaction, tell } = scene;
      assertAllowed(removalPlaceDenial(conversation.type));
      const messages = await this.service.message.history.findAll(actor, conversationId, seqs, transaction);
      assertAllowed(removalDenial(actor.userId, messages));
      const removed = messages.map(message => message.seq);
      await this.service.message.change.erase(scene, removed, { deletedAt: new Date() });
      await this.uncount(scene, removed);
      for (const seq of removed) {
        tell({ type: 'message.deleted', receiverIds: members.ids, conversationId, data: { seq } });
      }
    });
  }

  /** Takes messages that a member has not read out of the counts, so that unread stays a subtraction. */
  private async uncount({ conversation, transaction }: Scene, seqs: readonly number[]): Promise<void> {
    // A SELECT locks the rows: an UPDATE alone would miss a read place that another transaction is just moving past
    // these messages.
    const places = await this.app.model.ConversationMember.findAll({
      where: { conversationId: conversation.id },
      attributes: ['readSeq'],
      order: ['userId'],
      lock: true,
      transaction,
      raw: true,
    });
    const unread = seqs.filter(seq => places.some(place => place.readSeq < seq));
    if (unread.length === 0) return;
    const uncountedUpTo = (place: string) => unread.map(seq => `(${place} >= ${seq})`).join(' + ');
    const options = {
      type: QueryTypes.UPDATE,
      replacements: { id: conversation.id, from: Math.min(...unread) },
      transaction,
    } as const;
    // Index: message PRIMARY, one range.
    await this.app.model.query(
      `UPDATE message SET count = count - (${uncountedUpTo('seq')}) WHERE conversation_id = :id AND seq >= :from`,
      options,
    );
    // Index: conversation_member PRIMARY.
    await this.app.model.query(
      `UPDATE conversation_member SET read_count = read_count - (${uncountedUpTo('read_seq')}) WHERE conversation_id = :id AND read_seq >= :from`,
      options,
    );
    await conversation.decrement('count', { by: unread.length, transaction });
  }
}
