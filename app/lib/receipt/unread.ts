import { sql, type Select } from '../database/statement';
import { SHOWN } from '../message/row';

/*
 * What is unread, said once for all who ask, in SQL: `c` is a conversation, `m` a member's row in it.
 */

/**
 * How many messages; of a system conversation `countNotices` tells. Never more is taken off than there is: the columns
 * are unsigned, and one wrong row would fail a whole list.
 */
export const UNREAD = 'c.count - LEAST(c.count, GREATEST(m.read_count, c.purged_count))';

/** One of them mentions the member, or all. */
export const MENTIONED = `(${UNREAD} > 0
  AND GREATEST(m.mentioned_seq, c.mention_all_seq) > GREATEST(m.read_seq, m.joined_seq, c.purged_seq))`;

/** The conversation is in the member's list: a single one from its first message on. */
export const LISTED = "(c.type = 'group' OR c.last_seq > 0) AND c.last_seq >= m.hidden_seq";

/**
 * How far the stream of a user has a conversation: notices to all come into it by and by. `i` is the user's inbox.
 */
export const TOLD = "IF(c.single_key <=> CONCAT('*', c.app), i.notice_seq, c.last_seq)";

/** A system conversation, and how far somebody has read it. */
export interface NoticePlace {
  readonly conversationId: number;
  readonly userId: number;
  readonly readSeq: number;
  /** What comes after it is not counted. Default: what the stream of the user does not have. */
  readonly lastSeq?: number;
}

/** What is unread of one of them. */
export interface UnreadNotices {
  readonly conversation_id: number;
  readonly user_id: number;
  readonly unread: number;
}

/** Index: PRIMARY. */
function toldSeq({ conversationId, userId, lastSeq }: NoticePlace): string {
  if (lastSeq !== undefined) return String(lastSeq);
  return `SELECT ${TOLD}
    FROM conversation c JOIN user_inbox i ON i.user_id = ${userId} WHERE c.id = ${conversationId}`;
}

/**
 * One SELECT for all these places, at least one. Notices are counted, not subtracted, because they may go out of date.
 * Index: message PRIMARY, for each place the range that is unread; as a join it would go through the whole conversation,
 * because the beginning of a range must be a constant.
 */
export function countNotices(places: readonly NoticePlace[]): Select<UnreadNotices> {
  const counts = places.map(place => {
    const { conversationId, userId, readSeq } = place;
    return `SELECT ${conversationId} AS conversation_id, ${userId} AS user_id, COUNT(*) AS unread FROM message
      WHERE conversation_id = ${conversationId} AND seq > ${readSeq} AND seq <= (${toldSeq(place)}) AND ${SHOWN}`;
  });
  return sql(counts.join(' UNION ALL '));
}
