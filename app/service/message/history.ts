import { Service } from 'egg';
import type { Actor } from '../../lib/auth/actor';
import { readWith } from '../../lib/database/sequelize';
import { select } from '../../lib/database/statement';
import { narrowed } from '../../lib/message/place_in_time';
import {
  selectHistory,
  selectPinned,
  selectReactions,
  selectStarred,
  selectVisible,
  type HistoryRange,
  type StarPlace,
  type StarredRow,
} from '../../lib/message/reader';
import { fromRow, type MessageRow, type StoredMessage } from '../../lib/message/row';
import { presentMessage } from '../../presenter/message';
import { AppError } from '../../schema/errors';
import { jsonList, jsonObject, jsonWith, type Json } from '../../schema/json';
import type { History, ListStars, Message, StarredMessage } from '../../schema/message';
import { pageWithin, partsOf, type Page, type PageBounds } from '../../schema/page';

type Range = Omit<HistoryRange, 'limit'>;
type Reactions = NonNullable<Message['reactions']>;

/** The messages that a user may see. */
export default class HistoryService extends Service {
  /** A page of history in ascending seq. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER. */
  async list(
    actor: Actor,
    conversationId: number,
    { before, after, from, until, limit }: History,
  ): Promise<Page<Message>> {
    const beginning = await this.beginningFor(actor, conversationId);
    const isAscending = before === undefined && (after !== undefined || from !== undefined);
    const given = { conversationId, above: Math.max(beginning, after ?? 0), before };
    const range = from || until ? await this.sent(given, { from, until }) : given;
    const page = await this.pageOf(actor, range, limit, isAscending ? 'ASC' : 'DESC');
    return isAscending ? page : { ...page, items: [...page.items].reverse() };
  }

  /** Those of these messages that the actor may see, in ascending seq. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER. */
  async listOf(actor: Actor, conversationId: number, seqs: readonly number[]): Promise<Page<Message>> {
    const range = { conversationId, above: await this.beginningFor(actor, conversationId), seqs };
    // One more than there are, so that a page of all is the last.
    return this.pageOf(actor, range, seqs.length + 1, 'ASC');
  }

  /** After which seq the history begins for the actor. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER. */
  private async beginningFor(actor: Actor, conversationId: number): Promise<number> {
    const { joinedSeq, clearedSeq } = await this.service.conversation.access.membership(actor, conversationId);
    return Math.max(joinedSeq, clearedSeq);
  }

  /** What of a range was sent within these times. Index: conversation PRIMARY. */
  private async sent(range: Range, times: Pick<History, 'from' | 'until'>): Promise<Range> {
    const { conversationId: id, above, before = Infinity } = range;
    const [row] = await this.read(select('conversation', ['last_seq', 'purged_seq'], `WHERE id = ${id}`));
    const stretch = { id, above: Math.max(above, row.purged_seq), upTo: Math.min(before - 1, row.last_seq) };
    const { above: last, upTo } = await narrowed(this.read, stretch, times);
    return { ...range, above: last, before: upTo + 1 };
  }

  private pageOf(actor: Actor, range: Range, limit: number, order: 'ASC' | 'DESC'): Promise<Page<Message>> {
    const read = async (most: number, last?: MessageRow) => {
      const rest = last && (order === 'ASC' ? { above: last.seq } : { before: last.seq });
      return this.partOf(await this.read(selectHistory(actor.userId, { ...range, ...rest, limit: most }, order)));
    };
    return pageWithin(this.boundsOf(limit), read, last => String(last.seq));
  }

  /** Messages of a conversation in ascending seq. Throws MESSAGE_NOT_FOUND with those that the actor may not see. */
  async findAll({ userId }: Actor, conversationId: number, seqs: readonly number[]): Promise<StoredMessage[]> {
    const rows = await this.read(selectVisible(userId, conversationId, seqs));
    const found = new Set(rows.map(row => row.seq));
    const missing = seqs.filter(seq => !found.has(seq));
    if (missing.length > 0) throw new AppError('MESSAGE_NOT_FOUND', { seqs: missing });
    return rows.map(fromRow);
  }

  /** One message, which may be a tombstone. Throws MESSAGE_NOT_FOUND. */
  async find(actor: Actor, conversationId: number, seq: number): Promise<StoredMessage> {
    return (await this.findAll(actor, conversationId, [seq]))[0];
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
  const [at, id, seq] = partsOf(cursor, /^(\d{1,13})-(\d{1,16})-(\d{1,16})$/).map(Number);
  return { at: new Date(at), id, seq };
}
