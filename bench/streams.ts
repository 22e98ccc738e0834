import { randomUUID } from 'node:crypto';
import { createConnection, type Connection } from 'mysql2/promise';
import { chunks } from '../app/lib/database/statement';
import { addNumbers } from './history';
import type { Cast } from './load';
import { untilFlushed } from './quiet';
import type { Shape } from './cast';

/*
 * Users whose streams hold many entries, each a message that was committed by itself. The first of the people are those who pull.
 */

const ROWS = 1000;
/** Entries of others that one INSERT makes. */
const OTHERS_AT_ONCE = 1_000_000;

/** Who wrote to a user who was away. */
export interface Away {
  readonly title: string;
  readonly shape: Shape;
}

const all = (length: number) => Array.from({ length }, (_, index) => index);

/** All in a conversation with one other, or spread over groups that all of them are in, one after the other. */
export function awayFor(devices: number, groups: number): Away[] {
  const single = (place: number) => ({ type: 'single' as const, members: [place, devices + place] });
  const group = { type: 'group' as const, members: all(devices + 1) };
  return [
    { title: 'one conversation', shape: { people: devices * 2, conversations: all(devices).map(single) } },
    { title: `${groups} groups`, shape: { people: devices + 1, conversations: all(groups).map(() => group) } },
  ];
}

/** Fills the streams of the first `devices` people, who are members of the conversations as `awayFor` has it. */
export async function fillStreams(url: string, cast: Cast, ids: readonly number[], entries: number): Promise<void> {
  const connection = await createConnection({ uri: url, timezone: 'Z' });
  for (const [place, userId] of ids.entries()) {
    const own = cast.conversations.filter(each => each.members.includes(place)).map(each => Number(each.id));
    const isFirst = own.length === 1 || place === 0;
    await fill(connection, userId, own, entries, isFirst);
  }
  await connection.query('ANALYZE TABLE message, push_history, conversation');
  await connection.end();
}

async function fill(to: Connection, userId: number, own: number[], entries: number, isFirst: boolean): Promise<void> {
  // Young enough that no purge takes it.
  const at = new Date();
  const placeOf = (index: number) => [own[index % own.length], Math.floor(index / own.length) + 1];
  for (const slice of chunks(all(entries), ROWS)) {
    if (isFirst) {
      const messages = slice.map(index => {
        const [id, seq] = placeOf(index);
        const content = JSON.stringify({ text: `The quick brown fox jumps over the lazy dog, ${index} times.` });
        return [id, seq, seq, userId + 1 + (index % 2), index, randomUUID(), 'text', content, at];
      });
      const columns = 'conversation_id, seq, count, sender_id, sync_seq, client_msg_id, type, content, sent_at';
      await to.query(`INSERT INTO message (${columns}) VALUES ?`, [messages]);
    }
    const rows = slice.map(index => {
      const [id, seq] = placeOf(index);
      return [userId, index + 1, 'message.new', id, seq, seq, at];
    });
    const columns = 'receiver_id, sync_seq, type, conversation_id, from_seq, to_seq, created_at';
    await to.query(`INSERT INTO push_history (${columns}) VALUES ?`, [rows]);
  }
  const last = Math.ceil(entries / own.length);
  await to.query('UPDATE conversation SET last_seq = ?, count = ? WHERE id IN (?)', [last, last, own]);
  await to.query('UPDATE user_inbox SET last_seq = ? WHERE user_id = ?', [entries, userId]);
}

/** Gives streams of `entries` each to users behind `lastId`, until they have `rows` together: all that a device pulls lies beside them. */
export async function addOthers(url: string, lastId: number, entries: number, rows: number): Promise<void> {
  const connection = await createConnection({ uri: url, timezone: 'Z' });
  // Only for the filling: nothing of it has to survive a power cut.
  await connection.query('SET GLOBAL innodb_flush_log_at_trx_commit = 0');
  const users = Math.ceil(rows / entries);
  const step = Math.ceil(OTHERS_AT_ONCE / entries);
  await addNumbers(connection, Math.max(users, entries));
  for (let first = 1; first <= users; first += step) {
    await connection.query(OTHERS, [lastId, first, Math.min(first + step - 1, users), entries]);
    process.stdout.write('.');
  }
  await connection.query('DROP TABLE number');
  await connection.query('ANALYZE TABLE push_history');
  await connection.query('SET GLOBAL innodb_flush_log_at_trx_commit = 1');
  await untilFlushed(connection);
  await connection.end();
}

const OTHERS = `INSERT INTO push_history (receiver_id, sync_seq, type, conversation_id, from_seq, to_seq, created_at)
  SELECT ? + u.n, e.n, 'message.new', 1, e.n, e.n, UTC_TIMESTAMP(3)
  FROM number u STRAIGHT_JOIN number e WHERE u.n BETWEEN ? AND ? AND e.n <= ? ORDER BY u.n, e.n`;
