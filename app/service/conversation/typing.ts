import { Service } from 'egg';
import type { Actor } from '../../lib/auth/actor';
import { typingReceivers, writeDenial, type WriteFacts } from '../../policy/conversation';
import { AppError, assertAllowed } from '../../schema/errors';
import { roomOfUser } from '../../lib/stream/publisher';

export default class TypingService extends Service {
  /**
   * Tells the other members who are online, on all nodes. Nothing is stored, and nothing is locked. Throws
   * CONVERSATION_NOT_FOUND, NOT_A_MEMBER, MUTED, BLOCKED, NOT_FRIENDS, FORBIDDEN.
   */
  async tell(actor: Actor, conversationId: number, typing: boolean): Promise<void> {
    const facts = await this.read(actor, conversationId);
    assertAllowed(writeDenial(facts));
    const receiverIds = typingReceivers(actor.userId, facts.members);
    // An emit to no room would go to everybody.
    if (receiverIds.length === 0) return;
    const told = { conversationId: String(conversationId), userId: String(actor.userId), typing };
    this.app.io.of('/im').to(receiverIds.map(roomOfUser)).emit('conversation:typing', told);
  }

  private async read({ app, userId }: Actor, id: number): Promise<WriteFacts> {
    const { model, engine, config } = this.app;
    const row = await model.Conversation.findOne({
      where: { id, app },
      attributes: ['type', 'muteAll', 'memberVersion'],
      raw: true,
    });
    if (!row) throw new AppError('CONVERSATION_NOT_FOUND');
    const { type, memberVersion } = row;
    // The members are read after their version: what the cache holds for it may be newer, but is never older.
    const { query } = engine.database;
    const members = await engine.members.read(query, [{ id, type, member_version: memberVersion }]);
    const friendsOnly = config.im.singlePolicy === 'friends';
    const muteAll = Boolean(row.muteAll);
    return { userId, now: new Date(), type, muteAll, friendsOnly, members: members.get(id)! };
  }
}
