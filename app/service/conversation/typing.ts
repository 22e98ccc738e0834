import { Service } from 'egg';
import type { Actor } from '../../lib/auth/actor';
import { AppError } from '../../schema/errors';
import { objectionTo, type Members, type Rules } from '../../lib/message/members';
import { roomOfUser } from '../../lib/stream/publisher';

/** In larger groups somebody always types, and every keystroke would go to thousands. */
const MEMBERS = 200;

export default class TypingService extends Service {
  /**
   * Tells the other members who are online, on whatever node. Nothing is stored and nothing locked. Throws
   * CONVERSATION_NOT_FOUND, NOT_A_MEMBER, MUTED, BLOCKED, NOT_FRIENDS, FORBIDDEN.
   */
  async tell(actor: Actor, conversationId: number, typing: boolean): Promise<void> {
    const { rules, members } = await this.read(actor.app, conversationId);
    const code = objectionTo(actor.userId, new Date(), rules, members);
    if (code) throw new AppError(code);
    const others = members.ids.filter(id => id !== actor.userId);
    // An emit to no room is one to everybody.
    if (others.length === 0 || members.ids.length > MEMBERS) return;
    const told = { conversationId: String(conversationId), userId: String(actor.userId), typing };
    this.app.io.of('/im').to(others.map(roomOfUser)).emit('conversation:typing', told);
  }

  private async read(app: string, id: number): Promise<{ rules: Rules; members: Members }> {
    const { model, engine, config } = this.app;
    const row = await model.Conversation.findOne({
      where: { id, app },
      attributes: ['type', 'muteAll', 'memberVersion'],
      raw: true,
    });
    if (!row) throw new AppError('CONVERSATION_NOT_FOUND');
    const { type, memberVersion } = row;
    // Members are read after their version, so what the cache holds for a version may be newer than it and never older.
    const { query } = engine.database;
    const members = await engine.members.read(query, [{ id, type, member_version: memberVersion }]);
    const friendsOnly = config.im.singlePolicy === 'friends';
    return { rules: { type, muteAll: Boolean(row.muteAll), friendsOnly }, members: members.get(id)! };
  }
}
