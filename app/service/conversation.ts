import { Service } from 'egg';
import moment from 'moment';
import { QueryTypes, UniqueConstraintError } from 'sequelize';
import type { Actor } from '../lib/actor';
import { AppError } from '../lib/errors';
import { fromRow, MESSAGE_COLUMNS } from '../lib/message';
import { presentMessage } from '../lib/present';
import type { ConversationMemberModel } from '../model/conversation_member';
import type { Conversation, ListConversations } from '../schema/conversation';

interface Listed {
  id: number;
  type: Conversation['type'];
  lastSeq: number;
  lastAt: Date;
  readSeq: number;
  unread: number;
  joinedSeq: number;
  peerId: number;
  name: string | null;
  avatar: string | null;
}

export default class ConversationService extends Service {
  /**
   * The actor's place in a conversation, of that type if one is named. Throws CONVERSATION_NOT_FOUND, also for one of
   * another app, NOT_A_MEMBER.
   */
  async membership(
    actor: Actor,
    conversationId: number,
    type?: Conversation['type'],
  ): Promise<ConversationMemberModel> {
    const { Conversation, ConversationMember } = this.app.model;
    const [conversation, member] = await Promise.all([
      Conversation.findOne({
        where: { id: conversationId, app: actor.app, ...(type && { type }) },
        attributes: ['id'],
        raw: true,
      }),
      ConversationMember.findOne({ where: { conversationId, userId: actor.userId }, raw: true }),
    ]);
    if (!conversation) throw new AppError('CONVERSATION_NOT_FOUND');
    if (!member) throw new AppError('NOT_A_MEMBER');
    return member;
  }

  /** The id of the single conversation with a user, which is made when it is not there. Throws USER_NOT_FOUND. */
  findOrCreateSingle(actor: Actor, userId: number): Promise<number> {
    const { singles } = this.app;
    const key = [actor.userId, userId].sort((a, b) => a - b).join(':');
    const known = singles.get(key);
    if (known) return known;
    // All who write to it at once wait for the same answer, and go on in the order in which they came.
    const found = this.lookUpSingle(actor, userId, key);
    singles.set(key, found);
    found.catch(() => singles.delete(key));
    return found;
  }

  private async lookUpSingle(actor: Actor, userId: number, singleKey: string): Promise<number> {
    const { Conversation } = this.app.model;
    const find = () => Conversation.findOne({ where: { singleKey }, attributes: ['id'], raw: true });
    const known = await find();
    if (known) return known.id;
    await this.service.account.findIn(actor.app, userId);
    try {
      return await this.createSingle(actor, userId, singleKey);
    } catch (error) {
      // The other user may have written first, at another worker.
      const other = error instanceof UniqueConstraintError && (await find());
      if (!other) throw error;
      return other.id;
    }
  }

  private createSingle(actor: Actor, userId: number, singleKey: string): Promise<number> {
    const { Conversation, ConversationMember } = this.app.model;
    const at = new Date();
    return this.service.transaction.runWithId(async (id, { transaction }) => {
      await Conversation.create({ id, app: actor.app, type: 'single', singleKey, lastAt: at }, { transaction });
      const members = [...new Set([actor.userId, userId])].map(each => ({
        conversationId: id,
        userId: each,
        joinedAt: at,
      }));
      await ConversationMember.bulkCreate(members, { transaction });
      return id;
    });
  }

  /** The actor's conversations by latest activity; a single one appears with its first message. */
  async list(
    actor: Actor,
    { cursor, limit }: ListConversations,
  ): Promise<{ conversations: Conversation[]; nextCursor?: string }> {
    const [, at, id] = /^(\d{1,13})-(\d{1,16})$/.exec(cursor ?? '') ?? [];
    if (cursor !== undefined && !at)
      throw new AppError('INVALID_INPUT', [{ path: '/cursor', message: 'not a cursor of this list' }]);
    const rows = await this.select(actor.userId, at ? 'AND (c.last_at, c.id) < (:at, :id)' : '', {
      // As text: Sequelize would write a Date without its milliseconds.
      at: at && moment.utc(Number(at)).format('YYYY-MM-DD HH:mm:ss.SSS'),
      id: Number(id),
      limit,
    });
    const last = rows.at(-1);
    return {
      conversations: await this.withLastMessages(rows),
      ...(rows.length === limit && last && { nextCursor: `${last.lastAt.getTime()}-${last.id}` }),
    };
  }

  /** Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER. */
  async show(actor: Actor, conversationId: number): Promise<Conversation> {
    await this.membership(actor, conversationId);
    const rows = await this.select(actor.userId, 'AND c.id = :id', { id: conversationId, limit: 1 });
    return (await this.withLastMessages(rows))[0];
  }

  /** Index: conversation_member_user, then conversation PRIMARY: the cost is the number of the user's conversations. */
  private select(userId: number, condition: string, replacements: Record<string, unknown>): Promise<Listed[]> {
    return this.app.model.query<Listed>(
      `SELECT c.id, c.type, c.last_seq AS lastSeq, c.last_at AS lastAt, m.read_seq AS readSeq, m.joined_seq AS joinedSeq,
        c.count - m.read_count AS unread, COALESCE(peer.user_id, m.user_id) AS peerId,
        COALESCE(g.name, u.name) AS name, COALESCE(g.avatar, u.avatar) AS avatar
      FROM conversation_member m
      JOIN conversation c ON c.id = m.conversation_id
      LEFT JOIN chat_group g ON g.id = c.id
      LEFT JOIN conversation_member peer ON c.type = 'single' AND peer.conversation_id = c.id AND peer.user_id <> m.user_id
      LEFT JOIN user u ON u.id = COALESCE(peer.user_id, m.user_id)
      WHERE m.user_id = :userId AND (c.type = 'group' OR c.last_seq > 0) ${condition}
      ORDER BY c.last_at DESC, c.id DESC LIMIT :limit`,
      { type: QueryTypes.SELECT, replacements: { userId, ...replacements } },
    );
  }

  private async withLastMessages(rows: readonly Listed[]): Promise<Conversation[]> {
    const places = rows.filter(row => row.lastSeq > row.joinedSeq).map(row => [row.id, row.lastSeq]);
    // Index: message PRIMARY.
    const messages =
      places.length === 0
        ? []
        : await this.app.model.query<Record<string, unknown>>(
            `SELECT ${MESSAGE_COLUMNS} FROM message WHERE (conversation_id, seq) IN (:places)`,
            { type: QueryTypes.SELECT, replacements: { places } },
          );
    const byConversation = new Map(messages.map(row => [row.conversation_id, presentMessage(fromRow(row))]));
    return rows.map(({ id, type, peerId, name, avatar, lastSeq, lastAt, readSeq, unread }) => {
      const lastMessage = byConversation.get(id);
      return {
        id: String(id),
        type,
        ...(type === 'single' && { peerId: String(peerId) }),
        name: name ?? '',
        ...(avatar && { avatar }),
        ...(lastMessage && { lastMessage }),
        lastSeq,
        lastAt: lastAt.toISOString(),
        readSeq,
        unread,
      };
    });
  }

  /** Throws what `Reads.read` throws. */
  async read({ app, userId }: Actor, conversationId: number, seq: number) {
    return this.app.engine.reads.read({ app, userId, conversationId, seq });
  }
}
