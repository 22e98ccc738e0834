import { Service } from 'egg';
import moment from 'moment';
import { Op, QueryTypes, type Transaction } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { AppError } from '../../schema/errors';
import {
  fromRow,
  MESSAGE_COLUMNS,
  notHiddenFrom,
  type MessageRow,
  SHOWN,
  VISIBLE,
  type StoredMessage,
} from '../../lib/message/row';
import { presentMessage } from '../../presenter/message';
import { jsonList, jsonObject, jsonWith, type Json } from '../../schema/json';
import type { History, ListStars, Message, StarredMessage } from '../../schema/message';
import { pageOf, type Page } from '../../schema/page';
import type { Scene } from '../transaction';

type Reactions = NonNullable<Message['reactions']>;

/** Who reacted is named up to here; how many did is always told. */
const NAMED = 100;

/** The messages that a user may see. */
export default class MessageViewService extends Service {
  /** A page of history in ascending seq. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER. */
  async list(actor: Actor, conversationId: number, { before, after, limit }: History): Promise<Json<Message[]>> {
    const { joinedSeq, clearedSeq } = await this.service.conversation.access.membership(actor, conversationId);
    const above = Math.max(joinedSeq, clearedSeq, after ?? 0);
    const ascending = after !== undefined && before === undefined;
    // Index: message PRIMARY, one range.
    const rows = await this.select(
      `SELECT ${MESSAGE_COLUMNS} FROM message WHERE conversation_id = :conversationId AND seq > :above
        AND seq > (SELECT purged_seq FROM conversation WHERE id = :conversationId)
        ${before === undefined ? '' : 'AND seq < :before'} AND ${SHOWN} AND ${notHiddenFrom(':userId')}
      ORDER BY seq ${ascending ? 'ASC' : 'DESC'} LIMIT :limit`,
      { userId: actor.userId, conversationId, above, before, limit },
    );
    return jsonList(await this.present((ascending ? rows : rows.reverse()).map(fromRow)));
  }

  /** Messages of a conversation in ascending seq. Throws MESSAGE_NOT_FOUND with those that the actor may not see. */
  async findAll(
    { userId }: Actor,
    conversationId: number,
    seqs: readonly number[],
    transaction?: Transaction,
  ): Promise<StoredMessage[]> {
    // Index: message PRIMARY.
    const rows = await this.select(
      `SELECT ${MESSAGE_COLUMNS} FROM message WHERE conversation_id = :conversationId AND seq IN (:seqs) AND ${VISIBLE} ORDER BY seq`,
      { userId, conversationId, seqs },
      transaction,
    );
    const found = new Set(rows.map(row => row.seq));
    const missing = seqs.filter(seq => !found.has(seq));
    if (missing.length > 0) throw new AppError('MESSAGE_NOT_FOUND', { seqs: missing });
    return rows.map(fromRow);
  }

  /** One message, which may be a tombstone. Throws MESSAGE_NOT_FOUND. */
  async find(actor: Actor, conversationId: number, seq: number, transaction?: Transaction): Promise<StoredMessage> {
    return (await this.findAll(actor, conversationId, [seq], transaction))[0];
  }

  /** One message of the scene that is not recalled. Throws MESSAGE_NOT_FOUND. */
  async findStanding(actor: Actor, { conversation, transaction }: Scene, seq: number): Promise<StoredMessage> {
    const message = await this.find(actor, conversation.id, seq, transaction);
    if (message.recalledAt) throw new AppError('MESSAGE_NOT_FOUND', { seqs: [seq] });
    return message;
  }

  /**
   * Whom a change of a message is told: all members but those who came, or cleared the history, after it, and those who
   * have deleted it for themselves, to whom it would come back.
   */
  async viewersOf({ conversation, members, transaction }: Scene, seq: number): Promise<number[]> {
    const { ConversationMember, MessageHidden } = this.app.model;
    const conversationId = conversation.id;
    const rest = { attributes: ['userId'], transaction, raw: true };
    const after = { [Op.gte]: seq };
    // Index: conversation_member PRIMARY, one range.
    const later = await ConversationMember.findAll({
      where: { conversationId, [Op.or]: [{ joinedSeq: after }, { clearedSeq: after }] },
      ...rest,
    });
    // Index: message_hidden_conversation.
    const hidden = await MessageHidden.findAll({ where: { conversationId, seq }, ...rest });
    const blind = new Set([...later, ...hidden].map(each => each.userId));
    return members.ids.filter(id => !blind.has(id));
  }

  /** Pinned messages, the latest pinned first. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER. */
  async listPins(actor: Actor, conversationId: number): Promise<Json<Message[]>> {
    await this.service.conversation.access.membership(actor, conversationId);
    // Index: message_pin PRIMARY, one range; message PRIMARY.
    const rows = await this.select(
      `SELECT ${MESSAGE_COLUMNS} FROM message_pin JOIN message USING (conversation_id, seq)
      WHERE message_pin.conversation_id = :conversationId AND ${VISIBLE}
      ORDER BY message_pin.created_at DESC, message_pin.seq DESC`,
      { userId: actor.userId, conversationId },
    );
    return jsonList(await this.present(rows.map(fromRow)));
  }

  /** The actor's stars, the latest first. Throws INVALID_INPUT. */
  async listStars(actor: Actor, { cursor, limit }: ListStars): Promise<Page<StarredMessage>> {
    const [, at, id, seq] = /^(\d{1,13})-(\d{1,16})-(\d{1,16})$/.exec(cursor ?? '') ?? [];
    if (cursor !== undefined && !at)
      throw new AppError('INVALID_INPUT', [{ path: '/cursor', message: 'not a cursor of this list' }]);
    const after = 'AND (message_star.created_at, message_star.conversation_id, message_star.seq) < (:at, :id, :seq)';
    // Index: message_star PRIMARY, then message PRIMARY: the cost is the number of the user's stars.
    const rows = await this.select<MessageRow & { starred_at: Date }>(
      `SELECT ${MESSAGE_COLUMNS}, message_star.created_at AS starred_at
      FROM message_star JOIN message USING (conversation_id, seq)
      WHERE message_star.user_id = :userId AND ${VISIBLE} ${at ? after : ''}
      ORDER BY message_star.created_at DESC, message_star.conversation_id DESC, message_star.seq DESC LIMIT :limit`,
      {
        userId: actor.userId,
        // As text: Sequelize would write a Date without its milliseconds.
        at: at && moment.utc(Number(at)).format('YYYY-MM-DD HH:mm:ss.SSS'),
        id: Number(id),
        seq: Number(seq),
        limit,
      },
    );
    const messages = await this.present(rows.map(fromRow));
    const stars = messages.map((message, index) =>
      jsonObject<StarredMessage>({ message, starredAt: rows[index].starred_at.toISOString() }),
    );
    return pageOf(stars, rows, limit, last => `${last.starred_at.getTime()}-${last.conversation_id}-${last.seq}`);
  }

  /** Messages with their reactions, those put there first in front. */
  private async present(messages: readonly StoredMessage[]): Promise<Json<Message>[]> {
    if (messages.length === 0) return [];
    // Index: message_reaction PRIMARY, a range for each message.
    const rows = await this.select<{
      conversation_id: number;
      seq: number;
      reaction: string;
      total: number;
      user_ids: string;
    }>(
      `SELECT conversation_id, seq, reaction, COUNT(*) AS total,
        SUBSTRING_INDEX(GROUP_CONCAT(user_id ORDER BY created_at, user_id), ',', ${NAMED}) AS user_ids
      FROM message_reaction WHERE (conversation_id, seq) IN (:places)
      GROUP BY conversation_id, seq, reaction ORDER BY MIN(created_at), reaction`,
      { places: messages.map(({ conversationId, seq }) => [conversationId, seq]) },
    );
    const reactions = new Map<string, Reactions>();
    for (const { conversation_id: id, seq, reaction, total, user_ids: userIds } of rows) {
      const one = { reaction, count: total, userIds: userIds.split(',') };
      const key = `${id}:${seq}`;
      reactions.set(key, [...(reactions.get(key) ?? []), one]);
    }
    return messages.map(message => {
      const those = reactions.get(`${message.conversationId}:${message.seq}`);
      const presented = presentMessage(message);
      return those ? jsonWith(presented, { reactions: those }) : presented;
    });
  }

  private select<T extends object = MessageRow>(
    sql: string,
    replacements: Record<string, unknown>,
    transaction?: Transaction,
  ): Promise<T[]> {
    return this.app.model.query<T>(sql, { type: QueryTypes.SELECT, replacements, transaction });
  }
}
