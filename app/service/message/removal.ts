import { Service } from 'egg';
import type { Actor } from '../../lib/auth/actor';
import type { Mark } from '../../lib/message/marks';
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
    const marks = seqs.map((seq): Mark => ({
      table: 'message_hidden',
      conversation_id: conversationId,
      seq,
      user_id: userId,
    }));
    const subject = { seqs, marks };
    await this.service.conversation.access.runMessages(actor, conversationId, subject, (_, unit, messages) => {
      const missing = marks.filter(mark => !messages.has(mark)).sort((a, b) => a.seq - b.seq);
      if (missing.length === 0) return;
      const hidden = missing.map(mark => mark.seq);
      messages.findAll(userId, hidden);
      unit.defer(messages.put(missing));
      unit.record({ type: 'message.hidden', receiverIds: [userId], conversationId, data: { seqs: hidden } });
    });
  }

  /**
   * Deletes the actor's own messages for both sides, all of them or none. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER,
   * MESSAGE_NOT_FOUND, FORBIDDEN (written by another, or not in a single conversation).
   */
  async remove(actor: Actor, conversationId: number, seqs: readonly number[]): Promise<void> {
    const { access } = this.service.conversation;
    await access.runMessages(actor, conversationId, { seqs }, async (conversation, unit, messages) => {
      const { members, type, at: deletedAt } = conversation;
      assertAllowed(removalPlaceDenial(type));
      const found = messages.findAll(actor.userId, seqs);
      assertAllowed(removalDenial(actor.userId, found));
      const removed = found.map(message => message.seq);
      unit.defer(...messages.erase(removed, { deletedAt }));
      await uncount(unit.session.query, conversation, removed);
      for (const seq of removed) {
        unit.record({ type: 'message.deleted', receiverIds: members.ids, conversationId, data: { seq } });
      }
    });
  }
}
