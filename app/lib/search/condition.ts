import { searchedTypes } from '../../schema/search';
import { errnoOf } from '../database/outage';
import { literal, sql, type Select } from '../database/statement';
import type { Stretch } from '../message/place_in_time';
import { notHiddenFrom, SHOWN } from '../message/row';

/** Where a message was found. */
export interface Found {
  readonly id: number;
  readonly seq: number;
}

/** Whose messages are found, and which. */
export interface Wanted {
  readonly userId: number;
  /** None: all of them. */
  readonly words: readonly string[];
  readonly senderId?: number;
  /** One of the types of messages, or `link`. */
  readonly type?: string;
  readonly from?: string;
  readonly until?: string;
}

/** A statement is given up after this, so that no text, however long or odd, keeps the server busy. */
const STATEMENT_MS = 500;
/** Each of the two servers takes one of these and passes over the other. */
export const BOUNDED = [
  `/*M! SET STATEMENT max_statement_time = ${STATEMENT_MS / 1000} FOR */`,
  `SELECT /*+ MAX_EXECUTION_TIME(${STATEMENT_MS}) */`,
].join(' ');
/** What MariaDB and MySQL call that. */
const GIVEN_UP = new Set([1969, 3024]);

const json = (name: string) => `JSON_UNQUOTE(JSON_EXTRACT(content, '$.${name}'))`;

/**
 * What is searched of a message. JSON with half a surrogate pair is none to the server and would fail the statement. Input
 * has none any more, but messages that were stored before may: they are searched as they are.
 */
const SEARCHED = `IF(JSON_VALID(content), CASE type
  WHEN 'text' THEN ${json('text')}
  WHEN 'location' THEN CONCAT_WS(' ', ${json('name')}, ${json('address')})
  ELSE ${json('name')} END, content)`;

export function wordsOf(q: string): string[] {
  return [...new Set(q.split(/\s+/).filter(word => word !== ''))];
}

function like(searched: string, pattern: string): string {
  return `${searched} LIKE ${literal(`%${pattern}%`)} ESCAPE '|'`;
}

const escaped = (word: string) => word.replace(/[|%_]/g, '|$&');

/** What JSON may write with an escape, and what the collation takes for the same. */
const ESCAPED_IN_JSON = /["＂\\＼﹨\p{C}\p{M}]+/gu;

/** Cheap, and true of all that holds the word, wherever in the JSON: what is parsed are the few that are left. */
function mayHold(word: string): string {
  return like('content', escaped(word).replace(ESCAPED_IN_JSON, '%'));
}

function holds(word: string): string {
  return like(`${SEARCHED} COLLATE utf8mb4_unicode_ci`, escaped(word));
}

function isOf(type: string | undefined): string {
  if (type === 'link') return `type = 'text' AND (${like('content', 'http://')} OR ${like('content', 'https://')})`;
  return `type IN (${(type ? [type] : searchedTypes).map(literal).join()})`;
}

/** The condition on messages of conversations the user is in. */
export function conditionOf({ userId, words, senderId, type, from, until }: Wanted): string {
  return [
    `${isOf(type)} AND recalled_at IS NULL AND ${SHOWN}`,
    ...(senderId ? [`sender_id = ${senderId}`] : []),
    ...(from ? [`sent_at >= ${literal(new Date(from))}`] : []),
    ...(until ? [`sent_at < ${literal(new Date(until))}`] : []),
    ...words.map(mayHold),
    ...words.map(holds),
    notHiddenFrom(userId),
  ].join(' AND ');
}

/** Index: message PRIMARY, a range for each stretch; named, as the sender's looks better to the server when there is one. */
export function selectIn(stretches: readonly Stretch[], condition: string): Select<Found> {
  const ranges = stretches.map(
    ({ id, above, upTo }) => `(conversation_id = ${id} AND seq > ${above} AND seq <= ${upTo})`,
  );
  return sql(
    `${BOUNDED} conversation_id AS id, seq FROM message FORCE INDEX (PRIMARY)
    WHERE (${ranges.join(' OR ')}) AND ${condition}`,
  );
}

/** Whether a statement was given up for its time. */
export function isGivenUp(error: unknown): boolean {
  return GIVEN_UP.has(errnoOf(error));
}
