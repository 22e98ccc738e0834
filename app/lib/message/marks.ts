import { literal, sql, tuples, type Select } from '../database/statement';

/** What users put to messages: a row for each, and what names it. */
const KEYS = {
  message_reaction: ['conversation_id', 'seq', 'reaction', 'user_id'],
  message_pin: ['conversation_id', 'seq'],
  message_star: ['user_id', 'conversation_id', 'seq'],
  message_hidden: ['user_id', 'conversation_id', 'seq'],
} as const;

type MarkTable = keyof typeof KEYS;

/** A reaction, a pin, a star, or that a user has deleted a message for themselves. */
export interface Mark {
  readonly table: MarkTable;
  readonly conversation_id: number;
  readonly seq: number;
  /** Of a pin: who has put it there, which does not name it. */
  readonly user_id: number;
  readonly reaction?: string;
}

export interface MarkRow {
  readonly table: MarkTable;
  /** As `keyOf` gives it. */
  readonly key: string;
}

const TABLES = Object.keys(KEYS) as MarkTable[];

/** What names a mark, as text: `conversation_id seq reaction user_id`, in the order of its table. */
export function keyOf(mark: Mark): string {
  return keyValues(mark).join(' ');
}

function keyValues(mark: Mark): (string | number)[] {
  return KEYS[mark.table].map(column => mark[column] ?? '');
}

/** Those of these marks that are there. Index: PRIMARY of each table, for each mark. */
export function selectMarks(marks: readonly Mark[]): Select<MarkRow> {
  const selects = TABLES.flatMap(table => {
    const wanted = marks.filter(mark => mark.table === table);
    if (wanted.length === 0) return [];
    const columns = KEYS[table].join();
    return `SELECT '${table}' AS \`table\`, CONCAT_WS(' ', ${columns}) AS \`key\` FROM ${table}
      WHERE (${columns}) IN (${tuples(wanted.map(keyValues))})`;
  });
  return sql(
    selects.length > 0 ? selects.join(' UNION ALL ') : "SELECT '' AS `table`, '' AS `key` FROM DUAL WHERE FALSE",
  );
}

export interface ReactionCount {
  readonly seq: number;
  readonly reaction: string;
  /** Or one more than could be taken away. */
  readonly users: number;
}

/**
 * How many users have reacted so to messages that some of these marks are reactions to, counted as far as taking all of these
 * away could tell: there may be thousands. Index: message_reaction PRIMARY, its first columns all named, by which MariaDB takes
 * one step for each reaction, and then that many rows of it; MySQL goes through all.
 */
export function countReactions(conversationId: number, marks: readonly Mark[]): Select<ReactionCount> {
  const reactions = marks.filter(({ table }) => table === 'message_reaction');
  const seqs = new Set(reactions.map(({ seq }) => seq));
  const those = `FROM message_reaction o WHERE o.conversation_id = ${conversationId} AND o.seq = r.seq AND o.reaction = r.reaction`;
  const { length } = reactions;
  return sql(
    `SELECT r.seq, r.reaction, IF(
      (SELECT o.user_id ${those} ORDER BY o.user_id LIMIT 1 OFFSET ${length}) IS NULL, (SELECT COUNT(*) ${those}), ${length + 1}
    ) AS users FROM (
      SELECT DISTINCT conversation_id, seq, reaction FROM message_reaction
      WHERE conversation_id = ${conversationId} AND ${seqs.size > 0 ? `seq IN (${[...seqs].join()})` : 'FALSE'}
    ) r`,
  );
}

/** How many messages are pinned in a conversation. Index: message_pin PRIMARY, one range. */
export function countPins(conversationId: number): Select<{ readonly pins: number }> {
  return sql(`SELECT COUNT(*) AS pins FROM message_pin WHERE conversation_id = ${conversationId}`);
}

/** What a row has beside what names it. */
const MORE = {
  message_reaction: ['created_at'],
  message_pin: ['created_at', 'by_id'],
  message_star: ['created_at'],
  message_hidden: [],
} as const;

/** Puts marks of one table, at least one, that are not there. */
export function putMarks(marks: readonly Mark[], at: Date): string {
  const [{ table }] = marks;
  const rows = marks.map(mark => {
    const more = MORE[table].map(column => (column === 'by_id' ? mark.user_id : at));
    return `(${[...keyValues(mark), ...more].map(literal).join()})`;
  });
  return `INSERT INTO ${table} (${[...KEYS[table], ...MORE[table]].join()}) VALUES ${rows.join()}`;
}

/** Takes a mark away. Index: PRIMARY of the table. */
export function takeMark(mark: Mark): string {
  const values = keyValues(mark);
  const conditions = KEYS[mark.table].map((column, index) => `${column} = ${literal(values[index])}`);
  return `DELETE FROM ${mark.table} WHERE ${conditions.join(' AND ')}`;
}
