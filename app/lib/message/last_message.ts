import { sql, type Select } from '../database/statement';
import { MESSAGE_COLUMNS, notHiddenFrom, SHOWN, type MessageRow } from './row';

const COLUMNS = MESSAGE_COLUMNS.join();

/** The part of a conversation that a user may see: after `fromSeq`, up to `lastSeq`. */
export interface Span {
  readonly id: number;
  readonly fromSeq: number;
  readonly lastSeq: number;
}

/**
 * How far is looked back for a message that is shown. Only who has deleted a thousand in a row for themselves sees none;
 * without a bound, their list would cost as much as that history is long.
 */
const LOOK_BACK = 1000;

/** Index: message PRIMARY, message_hidden PRIMARY. */
const seenBy = (userId: number) => `${SHOWN} AND ${notHiddenFrom(userId)}`;

/** The last message of each of these conversations, where the user may see it: one SELECT. Index: message PRIMARY. */
export function selectLast(userId: number, spans: readonly Span[]): Select<MessageRow> {
  const places = spans.map(({ id, lastSeq }) => `(${id},${lastSeq})`).join();
  return sql(`SELECT ${COLUMNS} FROM message WHERE (conversation_id, seq) IN (${places}) AND ${seenBy(userId)}`);
}

/** For conversations whose last message is not seen: the one before that is. Index: message PRIMARY, backwards. */
export function selectBefore(userId: number, spans: readonly Span[]): Select<MessageRow> {
  const looks = spans.map(({ id, fromSeq, lastSeq }) => {
    const from = Math.max(fromSeq, lastSeq - LOOK_BACK);
    return `(SELECT ${COLUMNS} FROM message
      WHERE conversation_id = ${id} AND seq > ${from} AND seq < ${lastSeq} AND ${seenBy(userId)}
      ORDER BY seq DESC LIMIT 1)`;
  });
  return sql(looks.join(' UNION ALL '));
}
