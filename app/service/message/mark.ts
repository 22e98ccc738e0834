import { Service } from 'egg';
import type { Transaction } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { MAX_PINS, MAX_REACTIONS, pinDenial, pinLimitDenial, reactionLimitDenial } from '../../policy/mark';
import { assertAllowed } from '../../schema/errors';

/** Reactions, pins and stars. Nothing changes when one is put that is there, or taken away that is not. */
export default class MessageMarkService extends Service {
  /**
   * Puts a reaction to a message, or takes it away. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, MESSAGE_NOT_FOUND,
   * LIMIT_REACHED, MUTED, BLOCKED, NOT_FRIENDS, FORBIDDEN (to a notice).
   */
  async react(actor: Actor, conversationId: number, seq: number, reaction: string, reacted: boolean): Promise<void> {
    const { MessageReaction } = this.app.model;
    await this.service.conversation.access.runShared(actor, conversationId, async (conversation, unit) => {
      const { transaction } = unit.session;
      this.service.conversation.access.assertMayWrite(actor, conversation);
      await this.service.message.history.findStanding(actor, conversation, unit, seq);
      const { userId } = actor;
      const own = { conversationId, seq, reaction, userId };
      const count = await MessageReaction.count({ where: own, transaction });
      if (count > 0 === reacted) return;
      if (reacted) {
        const known = await this.reactionsTo(conversationId, seq, transaction);
        assertAllowed(reactionLimitDenial(reaction, known), { LIMIT_REACHED: { limit: MAX_REACTIONS } });
        await MessageReaction.create(own, { transaction });
      } else {
        await MessageReaction.destroy({ where: own, transaction });
      }
      const receiverIds = await this.service.message.history.viewersOf(conversation, unit, seq);
      const data = { seq, userId: String(userId), reaction, reacted };
      unit.record({ type: 'message.reacted', receiverIds, conversationId, data });
    });
  }

  /** The different reactions that a message has. */
  private async reactionsTo(conversationId: number, seq: number, transaction: Transaction): Promise<string[]> {
    // Index: message_reaction PRIMARY, one step for each reaction.
    const rows = await this.app.model.MessageReaction.findAll({
      where: { conversationId, seq },
      attributes: ['reaction'],
      group: 'reaction',
      transaction,
      raw: true,
    });
    return rows.map(row => row.reaction);
  }

  /** Pins a message, or takes the pin away. Throws what `react` throws, and FORBIDDEN for plain members of a group. */
  async pin(actor: Actor, conversationId: number, seq: number, pinned: boolean): Promise<void> {
    const { MessagePin } = this.app.model;
    await this.service.conversation.access.runShared(actor, conversationId, async (conversation, unit) => {
      const { transaction } = unit.session;
      assertAllowed(pinDenial(this.service.conversation.access.writeFactsOf(actor, conversation)));
      await this.service.message.history.findStanding(actor, conversation, unit, seq);
      const place = { conversationId, seq };
      const known = await MessagePin.count({ where: place, transaction });
      if (known > 0 === pinned) return;
      if (pinned) {
        const pins = await MessagePin.count({ where: { conversationId }, transaction });
        assertAllowed(pinLimitDenial(pins), { LIMIT_REACHED: { limit: MAX_PINS } });
        await MessagePin.create({ ...place, byId: actor.userId }, { transaction });
      } else {
        await MessagePin.destroy({ where: place, transaction });
      }
      const receiverIds = await this.service.message.history.viewersOf(conversation, unit, seq);
      const data = { seq, pinned, by: String(actor.userId) };
      unit.record({ type: 'message.pinned', receiverIds, conversationId, data });
    });
  }

  /**
   * Stars a message for the actor, or takes the star away. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER,
   * MESSAGE_NOT_FOUND.
   */
  async star(actor: Actor, conversationId: number, seq: number, starred: boolean): Promise<void> {
    const { MessageStar } = this.app.model;
    const { userId } = actor;
    await this.service.conversation.access.runShared(actor, conversationId, async (conversation, unit) => {
      const { transaction } = unit.session;
      await this.service.message.history.findStanding(actor, conversation, unit, seq);
      const own = { userId, conversationId, seq };
      const known = await MessageStar.count({ where: own, transaction });
      if (known > 0 === starred) return;
      if (starred) await MessageStar.create(own, { transaction });
      else await MessageStar.destroy({ where: own, transaction });
      unit.record({ type: 'message.starred', receiverIds: [userId], conversationId, data: { seq, starred } });
    });
  }
}
