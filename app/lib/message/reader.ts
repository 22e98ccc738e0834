import { literal, sql, tuples, type Select } from '../database/statement';
import { MESSAGE_COLUMNS, notHiddenFrom, SHOWN, visibleTo, type MessageRow } from './row';

const COLUMNS = MESSAGE_COLUMNS.join();

/** Users who reacted are named up to here; how many did is always told. */
const NAMED = 100;

/** Messages of a conversation: after `above`, and before `before` where there is one. */
export interface HistoryRange {
  readonly conversationId: number;
  readonly above: number;
  readonly before?: number;
  /** Of these alone. */
  readonly seqs?: readonly number[];
  readonly limit: number;
}

/** Messages of a part of a conversation that a user may see, from its beginning or its end. Index: message PRIMARY, one range. */
export function selectHistory(userId: number, range: HistoryRange, order: 'ASC' | 'DESC'): Select<MessageRow> {
  const { conversationId, above, before, seqs, limit } = range;
  return sql(
    `SELECT ${COLUMNS} FROM message WHERE conversation_id = ${conversationId} AND seq > ${above}
      AND seq > (SELECT purged_seq FROM conversation WHERE id = ${conversationId})
      ${before === undefined ? '' : `AND seq < ${before}`} ${seqs ? `AND seq IN (${seqs.join()})` : ''}
      AND ${SHOWN} AND ${notHiddenFrom(userId)}
    ORDER BY seq ${order} LIMIT ${limit}`,
  );
}

/** Those of these messages that a user may see, in ascending seq. Index: message PRIMARY. */
export function selectVisible(userId: number, conversationId: number, seqs: readonly number[]): Select<MessageRow> {
  return sql(
    `SELECT ${COLUMNS} FROM message
    WHERE conversation_id = ${conversationId} AND seq IN (${seqs.join()}) AND ${visibleTo(userId)} ORDER BY seq`,
  );
}

/** A message that a user wants to answer. */
export interface Answered {
  readonly user_id: number;
  readonly conversation_id: number;
  readonly seq: number;
}

/** Those of these that the users may see; at least one is asked for. Index: message PRIMARY, for each. */
export function selectAnswerable(wanted: readonly Answered[]): Select<Answered> {
  const rows = wanted.map(
    ({ user_id, conversation_id, seq }) =>
      `SELECT ${user_id} AS user_id, ${conversation_id} AS conversation_id, ${seq} AS seq`,
  );
  return sql(
    `SELECT wanted.user_id, message.conversation_id, message.seq FROM (${rows.join(' UNION ')}) wanted
    STRAIGHT_JOIN message ON message.conversation_id = wanted.conversation_id AND message.seq = wanted.seq
    WHERE ${visibleTo('wanted.user_id')}`,
  );
}

/** Pinned messages that a user may see, the latest pinned first. Index: message_pin PRIMARY, one range; message PRIMARY. */
export function selectPinned(userId: number, conversationId: number): Select<MessageRow> {
  return sql(
    `SELECT ${COLUMNS} FROM message_pin JOIN message USING (conversation_id, seq)
    WHERE message_pin.conversation_id = ${conversationId} AND ${visibleTo(userId)}
    ORDER BY message_pin.created_at DESC, message_pin.seq DESC`,
  );
}

/** Where a page of stars ends. */
export interface StarPlace {
  readonly at: Date;
  readonly id: number;
  readonly seq: number;
}

export type StarredRow = MessageRow & { readonly starred_at: Date };

/** A user's stars, the latest first. Index: message_star PRIMARY, then message PRIMARY: the cost is the number of stars. */
export function selectStarred(userId: number, limit: number, after?: StarPlace): Select<StarredRow> {
  const key = 'message_star.created_at, message_star.conversation_id, message_star.seq';
  const later = after && `AND (${key}) < (${literal(after.at)}, ${after.id}, ${after.seq})`;
  return sql(
    `SELECT ${COLUMNS}, message_star.created_at AS starred_at
    FROM message_star JOIN message USING (conversation_id, seq)
    WHERE message_star.user_id = ${userId} AND ${visibleTo(userId)} ${later ?? ''}
    ORDER BY ${key.replaceAll(',', ' DESC,')} DESC LIMIT ${limit}`,
  );
}

export interface ReactionRow {
  readonly conversation_id: number;
  readonly seq: number;
  readonly reaction: string;
  readonly total: number;
  /** The first who reacted so, with commas between. */
  readonly user_ids: string;
}

/** The reactions to messages, those put there first in front. Index: message_reaction PRIMARY, a range for each message. */
export function selectReactions(places: readonly (readonly [number, number])[]): Select<ReactionRow> {
  return sql(
    `SELECT conversation_id, seq, reaction, COUNT(*) AS total,
      SUBSTRING_INDEX(GROUP_CONCAT(user_id ORDER BY created_at, user_id), ',', ${NAMED}) AS user_ids
    FROM message_reaction WHERE (conversation_id, seq) IN (${tuples(places)})
    GROUP BY conversation_id, seq, reaction ORDER BY MIN(created_at), reaction`,
  );
}
