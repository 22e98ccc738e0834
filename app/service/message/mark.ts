import { Service } from 'egg';
import type { Actor } from '../../lib/auth/actor';
import type { Mark } from '../../lib/message/marks';
import { MAX_PINS, MAX_REACTIONS, pinDenial, pinLimitDenial, reactionLimitDenial } from '../../policy/mark';
import { assertAllowed } from '../../schema/errors';

/** Reactions, pins and stars. Nothing changes when one is put that is there, or taken away that is not. */
export default class MessageMarkService extends Service {
  /**
   * Puts a reaction to a message, or takes it away. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, MESSAGE_NOT_FOUND,
   * LIMIT_REACHED, MUTED, BLOCKED, NOT_FRIENDS, FORBIDDEN (to a notice).
   */
  async react(actor: Actor, conversationId: number, seq: number, reaction: string, reacted: boolean): Promise<void> {
    const { userId } = actor;
    const { access } = this.service.conversation;
    const own: Mark = { table: 'message_reaction', conversation_id: conversationId, seq, user_id: userId, reaction };
    const subject = { seqs: [seq], marks: [own], isTold: true };
    await access.runMessages(actor, conversationId, subject, (conversation, unit, messages) => {
      access.assertMayWrite(actor, conversation);
      messages.findStanding(userId, seq);
      if (messages.has(own) === reacted) return;
      const known = messages.reactionsTo(seq);
      if (reacted) assertAllowed(reactionLimitDenial(reaction, known), { LIMIT_REACHED: { limit: MAX_REACTIONS } });
      unit.defer(reacted ? messages.put([own]) : messages.take(own));
      const data = { seq, userId: String(userId), reaction, reacted };
      unit.record({ type: 'message.reacted', receiverIds: messages.viewersOf(seq), conversationId, data });
    });
  }

  /** Pins a message, or takes the pin away. Throws what `react` throws, and FORBIDDEN for plain members of a group. */
  async pin(actor: Actor, conversationId: number, seq: number, pinned: boolean): Promise<void> {
    const { userId } = actor;
    const { access } = this.service.conversation;
    const pin: Mark = { table: 'message_pin', conversation_id: conversationId, seq, user_id: userId };
    const subject = { seqs: [seq], marks: [pin], isTold: true };
    await access.runMessages(actor, conversationId, subject, (conversation, unit, messages) => {
      assertAllowed(pinDenial(access.writeFactsOf(actor, conversation)));
      messages.findStanding(userId, seq);
      if (messages.has(pin) === pinned) return;
      if (pinned) assertAllowed(pinLimitDenial(messages.pins), { LIMIT_REACHED: { limit: MAX_PINS } });
      unit.defer(pinned ? messages.put([pin]) : messages.take(pin));
      const data = { seq, pinned, by: String(userId) };
      unit.record({ type: 'message.pinned', receiverIds: messages.viewersOf(seq), conversationId, data });
    });
  }

  /**
   * Stars a message for the actor, or takes the star away. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER,
   * MESSAGE_NOT_FOUND.
   */
  async star(actor: Actor, conversationId: number, seq: number, starred: boolean): Promise<void> {
    const { userId } = actor;
    const own: Mark = { table: 'message_star', conversation_id: conversationId, seq, user_id: userId };
    const subject = { seqs: [seq], marks: [own] };
    await this.service.conversation.access.runMessages(actor, conversationId, subject, (_, unit, messages) => {
      messages.findStanding(userId, seq);
      if (messages.has(own) === starred) return;
      unit.defer(starred ? messages.put([own]) : messages.take(own));
      unit.record({ type: 'message.starred', receiverIds: [userId], conversationId, data: { seq, starred } });
    });
  }
}
