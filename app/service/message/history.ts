import { Service } from 'egg';
import { Op, type Transaction } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { readWith } from '../../lib/database/sequelize';
import type { ModelUnit } from '../../lib/engine';
import type { LockedConversation } from '../../lib/message/locked_conversation';
import {
  selectHistory,
  selectPinned,
  selectReactions,
  selectStarred,
  selectVisible,
  type StarPlace,
  type StarredRow,
} from '../../lib/message/reader';
import { fromRow, type MessageRow, type StoredMessage } from '../../lib/message/row';
import { presentMessage } from '../../presenter/message';
import { AppError } from '../../schema/errors';
import { jsonList, jsonObject, jsonWith, type Json } from '../../schema/json';
import type { History, ListStars, Message, StarredMessage } from '../../schema/message';
import { pageWithin, type Page, type PageBounds } from '../../schema/page';

type Reactions = NonNullable<Message['reactions']>;

/** The messages that a user may see. */
export default class HistoryService extends Service {
  /** A page of history in ascending seq. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER. */
  async list(actor: Actor, conversationId: number, { before, after, limit }: History): Promise<Page<Message>> {
    const { joinedSeq, clearedSeq } = await this.service.conversation.access.membership(actor, conversationId);
    const isAscending = after !== undefined && before === undefined;
    const range = { conversationId, above: Math.max(joinedSeq, clearedSeq, after ?? 0), before };
    const read = async (most: number, last?: MessageRow) => {
      const rest = last && (isAscending ? { above: last.seq } : { before: last.seq });
      const part = { ...range, ...rest, limit: most };
      return this.partOf(await this.read(selectHistory(actor.userId, part, isAscending ? 'ASC' : 'DESC')));
    };
    const page = await pageWithin(this.boundsOf(limit), read, last => String(last.seq));
    return isAscending ? page : { ...page, items: [...page.items].reverse() };
  }

  /** Messages of a conversation in ascending seq. Throws MESSAGE_NOT_FOUND with those that the actor may not see. */
  async findAll(
    { userId }: Actor,
    conversationId: number,
    seqs: readonly number[],
    transaction?: Transaction,
  ): Promise<StoredMessage[]> {
    const read = readWith(this.app.model, transaction);
    const rows = await read(selectVisible(userId, conversationId, seqs));
    const found = new Set(rows.map(row => row.seq));
    const missing = seqs.filter(seq => !found.has(seq));
    if (missing.length > 0) throw new AppError('MESSAGE_NOT_FOUND', { seqs: missing });
    return rows.map(fromRow);
  }

  /** One message, which may be a tombstone. Throws MESSAGE_NOT_FOUND. */
  async find(actor: Actor, conversationId: number, seq: number, transaction?: Transaction): Promise<StoredMessage> {
    return (await this.findAll(actor, conversationId, [seq], transaction))[0];
  }

  /** One message of a locked conversation that is not recalled. Throws MESSAGE_NOT_FOUND. */
  async findStanding(actor: Actor, { id }: LockedConversation, unit: ModelUnit, seq: number): Promise<StoredMessage> {
    const message = await this.find(actor, id, seq, unit.session.transaction);
    if (message.recalledAt) throw new AppError('MESSAGE_NOT_FOUND', { seqs: [seq] });
    return message;
  }

  /**
   * The members who are told of a change of a message: all but those who came, or cleared the history, after it, and those
   * who have deleted it for themselves, to whom it would come back.
   */
  async viewersOf(conversation: LockedConversation, unit: ModelUnit, seq: number): Promise<number[]> {
    const { ConversationMember, MessageHidden } = this.app.model;
    const { id: conversationId, members } = conversation;
    const rest = { attributes: ['userId'], transaction: unit.session.transaction, raw: true };
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
    const rows = await this.read(selectPinned(actor.userId, conversationId));
    return jsonList(await this.present(rows.map(fromRow)));
  }

  /** The actor's stars, the latest first. Throws INVALID_INPUT. */
  async listStars({ userId }: Actor, { cursor, limit }: ListStars): Promise<Page<StarredMessage>> {
    const start = placeOf(cursor);
    const read = async (most: number, last?: StarredRow) => {
      const rows = await this.read(selectStarred(userId, most, last ? placeOfRow(last) : start));
      const { items } = await this.partOf(rows);
      const stars = items.map((message, index) =>
        jsonObject<StarredMessage>({ message, starredAt: rows[index].starred_at.toISOString() }),
      );
      return { rows, items: stars };
    };
    return pageWithin(this.boundsOf(limit), read, row => {
      const { at, id, seq } = placeOfRow(row);
      return `${at.getTime()}-${id}-${seq}`;
    });
  }

  private boundsOf(limit: number): PageBounds {
    return { limit, bytes: this.app.config.im.pageBytes };
  }

  private async partOf(rows: readonly MessageRow[]) {
    return { rows, items: await this.present(rows.map(fromRow)) };
  }

  /** Messages with their reactions. */
  private async present(messages: readonly StoredMessage[]): Promise<Json<Message>[]> {
    if (messages.length === 0) return [];
    const rows = await this.read(selectReactions(messages.map(each => [each.conversationId, each.seq])));
    const reactions = new Map<string, Reactions>();
    for (const { conversation_id: id, seq, reaction, total: count, user_ids: userIds } of rows) {
      const key = `${id}:${seq}`;
      reactions.set(key, [...(reactions.get(key) ?? []), { reaction, count, userIds: userIds.split(',') }]);
    }
    return messages.map(message => {
      const known = reactions.get(`${message.conversationId}:${message.seq}`);
      const presented = presentMessage(message);
      return known ? jsonWith(presented, { reactions: known }) : presented;
    });
  }

  private get read() {
    return readWith(this.app.model);
  }
}

function placeOfRow({ starred_at: at, conversation_id: id, seq }: StarredRow): StarPlace {
  return { at, id, seq };
}

function placeOf(cursor: string | undefined): StarPlace | undefined {
  if (cursor === undefined) return undefined;
  const [, at, id, seq] = /^(\d{1,13})-(\d{1,16})-(\d{1,16})$/.exec(cursor) ?? [];
  if (!at) throw new AppError('INVALID_INPUT', [{ path: '/cursor', message: 'not a cursor of this list' }]);
  return { at: new Date(Number(at)), id: Number(id), seq: Number(seq) };
}
