import { Service } from 'egg';
import type { Actor } from '../../lib/auth/actor';
import { AppError } from '../../schema/errors';
import type { Scene } from '../transaction';

/** Different ones on one message. */
const REACTIONS = 20;
/** In one conversation. */
const PINS = 100;

/** What users put to messages: reactions, pins, stars. Putting again what is there, or taking away what is not, changes nothing. */
export default class MessageMarkService extends Service {
  /**
   * Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, MESSAGE_NOT_FOUND, LIMIT_REACHED, MUTED, BLOCKED, NOT_FRIENDS, FORBIDDEN (to a
   * notice).
   */
  async react(actor: Actor, conversationId: number, seq: number, reaction: string, reacted: boolean): Promise<void> {
    const { MessageReaction } = this.app.model;
    await this.service.transaction.runIn(actor, conversationId, async scene => {
      const { transaction, tell } = scene;
      this.service.transaction.assertMayWrite(actor, scene);
      await this.service.message.history.findStanding(actor, scene, seq);
      const { userId } = actor;
      const own = { conversationId, seq, reaction, userId };
      const known = await MessageReaction.count({ where: own, transaction });
      if (known > 0 === reacted) return;
      if (reacted) {
        await this.requireKind(scene, seq, reaction);
        await MessageReaction.create(own, { transaction });
      } else {
        await MessageReaction.destroy({ where: own, transaction });
      }
      const receiverIds = await this.service.message.history.viewersOf(scene, seq);
      const data = { seq, userId: String(userId), reaction, reacted };
      tell({ type: 'message.reacted', receiverIds, conversationId, data });
    });
  }

  private async requireKind({ conversation, transaction }: Scene, seq: number, reaction: string): Promise<void> {
    // Index: message_reaction PRIMARY, one step for each reaction.
    const rows = await this.app.model.MessageReaction.findAll({
      where: { conversationId: conversation.id, seq },
      attributes: ['reaction'],
      group: 'reaction',
      transaction,
      raw: true,
    });
    if (rows.length >= REACTIONS && !rows.some(row => row.reaction === reaction))
      throw new AppError('LIMIT_REACHED', { limit: REACTIONS });
  }

  /** Throws what `react` throws; FORBIDDEN also to plain members of a group. */
  async pin(actor: Actor, conversationId: number, seq: number, pinned: boolean): Promise<void> {
    const { MessagePin } = this.app.model;
    await this.service.transaction.runIn(actor, conversationId, async scene => {
      const { conversation, members, transaction, tell } = scene;
      if (conversation.type === 'group' && !members.admins.has(actor.userId)) throw new AppError('FORBIDDEN');
      this.service.transaction.assertMayWrite(actor, scene);
      await this.service.message.history.findStanding(actor, scene, seq);
      const place = { conversationId, seq };
      const known = await MessagePin.count({ where: place, transaction });
      if (known > 0 === pinned) return;
      if (pinned) {
        const pins = await MessagePin.count({ where: { conversationId }, transaction });
        if (pins >= PINS) throw new AppError('LIMIT_REACHED', { limit: PINS });
        await MessagePin.create({ ...place, byId: actor.userId }, { transaction });
      } else {
        await MessagePin.destroy({ where: place, transaction });
      }
      const receiverIds = await this.service.message.history.viewersOf(scene, seq);
      const data = { seq, pinned, by: String(actor.userId) };
      tell({ type: 'message.pinned', receiverIds, conversationId, data });
    });
  }

  /** Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, MESSAGE_NOT_FOUND. */
  async star(actor: Actor, conversationId: number, seq: number, starred: boolean): Promise<void> {
    const { MessageStar } = this.app.model;
    const { userId } = actor;
    await this.service.transaction.runIn(actor, conversationId, async scene => {
      const { transaction, tell } = scene;
      await this.service.message.history.findStanding(actor, scene, seq);
      const own = { userId, conversationId, seq };
      const known = await MessageStar.count({ where: own, transaction });
      if (known > 0 === starred) return;
      if (starred) await MessageStar.create(own, { transaction });
      else await MessageStar.destroy({ where: own, transaction });
      tell({ type: 'message.starred', receiverIds: [userId], conversationId, data: { seq, starred } });
    });
  }
}
