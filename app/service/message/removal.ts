import { Service } from 'egg';
import type { Actor } from '../../lib/auth/actor';
import { uncount } from '../../lib/message/uncount';
import { removalDenial, removalPlaceDenial } from '../../policy/message';
import { assertAllowed } from '../../schema/errors';

/** Deletes messages for one user, or for both sides of a single conversation. */
export default class MessageRemovalService extends Service {
  /**
   * Deletes messages for the actor alone; those that the actor has deleted before are passed over. Throws
   * CONVERSATION_NOT_FOUND, NOT_A_MEMBER, MESSAGE_NOT_FOUND.
   */
  async hide(actor: Actor, conversationId: number, seqs: readonly number[]): Promise<void> {
    const { userId } = actor;
    const { MessageHidden } = this.app.model;
    await this.service.conversation.access.runShared(actor, conversationId, async (_conversation, unit) => {
      const { transaction } = unit.session;
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
      unit.record({ type: 'message.hidden', receiverIds: [userId], conversationId, data: { seqs: hidden } });
    });
  }

  /**
   * Deletes the actor's own messages for both sides, all of them or none. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER,
   * MESSAGE_NOT_FOUND, FORBIDDEN (written by another, or not in a single conversation).
   */
  async remove(actor: Actor, conversationId: number, seqs: readonly number[]): Promise<void> {
    await this.service.conversation.access.runShared(actor, conversationId, async (conversation, unit) => {
      const { members, type, at: deletedAt } = conversation;
      const { transaction } = unit.session;
      assertAllowed(removalPlaceDenial(type));
      const messages = await this.service.message.history.findAll(actor, conversationId, seqs, transaction);
      assertAllowed(removalDenial(actor.userId, messages));
      const removed = messages.map(message => message.seq);
      await this.service.message.change.erase(conversation, unit, removed, { deletedAt });
      await uncount(unit.session.query, conversation, removed);
      for (const seq of removed) {
        unit.record({ type: 'message.deleted', receiverIds: members.ids, conversationId, data: { seq } });
      }
    });
  }
}
