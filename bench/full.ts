import { createConnection } from 'mysql2/promise';
import { chunks } from '../app/lib/database/statement';
import type { Shape } from './cast';
import { addNumbers, ROWS } from './history';
import type { Cast } from './load';
import { untilFlushed } from './quiet';

/*
 * Tables that are full when a load begins: those who write are few among many, and all have written to each other before. Messages
 * and what their receivers have of them are made by the database itself, from a table of numbers.
 */

/** Messages that a conversation has before. */
const EACH = 200;

/** How often people and conversations of a shape have to be there for so many messages in all. */
export function copiesFor(shape: Shape, messages: number): number {
  return Math.max(1, Math.round(messages / EACH / shape.conversations.length));
}

/** Everybody, and each conversation, so often, the copies side by side: the first of each are spread over all. */
export function among(shape: Shape, copies: number): Shape {
  const numbers = Array.from({ length: copies }, (_, copy) => copy);
  return {
    people: shape.people * copies,
    conversations: shape.conversations.flatMap(({ type, members }) =>
      numbers.map(copy => ({ type, members: members.map(place => place * copies + copy) })),
    ),
  };
}

/** The first of each. */
export function firstOf({ people, conversations }: Cast, copies: number): Cast {
  const isFirst = (_: unknown, index: number) => index % copies === 0;
  const own = conversations.filter(isFirst);
  return {
    people: people.filter(isFirst),
    conversations: own.map(({ id, members }) => ({ id, members: members.map(place => place / copies) })),
  };
}

/** Gives a MySQL that is running another buffer pool, in megabytes. */
export async function setPool(url: string, megabytes: number): Promise<void> {
  const connection = await createConnection({ uri: url });
  await connection.query('SET GLOBAL innodb_buffer_pool_size = ?', [megabytes * 1048576]);
  await connection.end();
}

/** Fills the tables of pairs who have had nothing to do with others: everybody has received and read all. */
export async function fill(databaseUrl: string, firstId: number, { people, conversations }: Cast): Promise<void> {
  const connection = await createConnection({ uri: databaseUrl, timezone: 'Z' });
  const start = Date.now();
  // Only for the filling: nothing of it has to survive a power cut.
  await connection.query('SET GLOBAL innodb_flush_log_at_trx_commit = 0');
  await connection.query('SET SESSION unique_checks = 0');
  await addNumbers(connection, EACH);
  for (const slice of chunks(conversations, ROWS / EACH)) {
    await connection.query(MESSAGES, [slice[0].id, slice.at(-1)!.id]);
    process.stdout.write('.');
  }
  for (let from = 0; from < people.length; from += ROWS / EACH) {
    await connection.query(STREAMS, [firstId + from, firstId + from + ROWS / EACH - 1]);
    process.stdout.write('.');
  }
  await connection.query('UPDATE conversation SET last_seq = ?, count = ?', [EACH, EACH]);
  await connection.query('UPDATE conversation_member SET read_seq = ?, read_count = ?, has_written = 1', [EACH, EACH]);
  await connection.query('UPDATE user_inbox SET last_seq = ?', [EACH]);
  await connection.query('UPDATE device SET acked_seq = ?', [EACH]);
  await connection.query('DROP TABLE number');
  await connection.query('ANALYZE TABLE conversation, conversation_member, message, push_history, user_inbox, device');
  await connection.query('SET GLOBAL innodb_flush_log_at_trx_commit = 1');
  await untilFlushed(connection);
  const [sizes] = await connection.query(SIZES);
  await connection.end();
  console.log(` after ${Math.round((Date.now() - start) / 1000)} s`);
  console.table(sizes);
}

/** Sent by the two in turn, with ids as clients make them: in no order. */
const MESSAGES = `INSERT INTO message (conversation_id, seq, count, sender_id, sync_seq, client_msg_id, type, content, sent_at)
  SELECT c.id, n.n, n.n, SUBSTRING_INDEX(c.single_key, ':', IF(n.n % 2, 1, -1)), n.n,
    CONCAT(LEFT(SHA2(CONCAT(c.id, ':', n.n), 256), 23), '-', LPAD(HEX(n.n), 12, '0')), 'text',
    '{"text":"The quick brown fox jumps over the lazy dog."}', UTC_TIMESTAMP(3) - INTERVAL ${EACH} - n.n MINUTE
  FROM conversation c STRAIGHT_JOIN number n WHERE c.id BETWEEN ? AND ? ORDER BY c.id, n.n`;

const STREAMS = `INSERT INTO push_history (receiver_id, sync_seq, type, conversation_id, from_seq, to_seq, created_at)
  SELECT m.user_id, n.n, 'message.new', m.conversation_id, n.n, n.n, UTC_TIMESTAMP(3) - INTERVAL ${EACH} - n.n MINUTE
  FROM conversation_member m STRAIGHT_JOIN number n WHERE m.user_id BETWEEN ? AND ? ORDER BY m.user_id, n.n`;

const SIZES = `SELECT table_name AS name, table_rows AS about_rows, ROUND((data_length + index_length) / 1048576) AS megabytes
  FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name IN ('message', 'push_history')`;
