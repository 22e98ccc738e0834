import type { Connection } from 'mysql2/promise';
import { chunks } from '../app/lib/database/statement';
import type { Shape } from './cast';

/*
 * A user with many conversations, among people who have others, and the messages of them all. The user is the first of the
 * people. Messages are made by the database itself, from a table of numbers.
 */

const PEOPLE = 3000;
/** Of ten conversations in a row one is the user's, as ids of a busy service lie. */
const EVERY = 10;
const OTHERS_MESSAGES = 20;
const NOTICES = 20;
/** Rows of one INSERT. */
export const ROWS = 250_000;

/** Half of the user's conversations are groups of 20 to 100 members, half are with one other user. */
export function shapeOf(conversations: number): Shape {
  const members = (size: number, from: number) =>
    Array.from({ length: size }, (_, offset) => 1 + ((from + offset * 7) % (PEOPLE - 1)));
  const own = (index: number): Shape['conversations'][number] =>
    index % 2
      ? { type: 'single', members: [0, 1 + (index >> 1)] }
      : { type: 'group', members: [0, ...members(19 + (index % 81), index)] };
  const other = (index: number): Shape['conversations'][number] => {
    if (index % 20 === 7) return { type: 'group', members: members(20 + (index % 81), index) };
    const first = index % (PEOPLE - 1);
    const second = (first + 1 + Math.floor(index / (PEOPLE - 1))) % (PEOPLE - 1);
    return { type: 'single', members: [1 + first, 1 + second] };
  };
  return {
    people: PEOPLE,
    conversations: Array.from({ length: conversations * EVERY }, (_, index) =>
      index % EVERY === 0 ? own(index / EVERY) : other(index),
    ),
  };
}

/** A table of the numbers from 1, a row each. */
export async function addNumbers(connection: Connection, most: number): Promise<void> {
  await connection.query('CREATE TABLE number (n INT UNSIGNED NOT NULL PRIMARY KEY)');
  await connection.query('INSERT INTO number VALUES (1)');
  for (let made = 1; made < most; made *= 2) {
    await connection.query('INSERT INTO number SELECT n + ? FROM number WHERE n <= ?', [made, most - made]);
  }
}

/** Fills the tables of one database, in which the people and their conversations are. */
export class History {
  /** `length`: messages that each of the user's conversations gets. */
  constructor(
    private readonly connection: Connection,
    private readonly userId: number,
    private readonly ids: readonly number[],
    private readonly length: number,
  ) {}

  async fill(): Promise<void> {
    const { connection, ids, length } = this;
    // Only for the filling: nothing of it has to survive a power cut.
    await connection.query('SET GLOBAL innodb_flush_log_at_trx_commit = 0');
    await connection.query('SET SESSION unique_checks = 0');
    await addNumbers(connection, Math.max(length, OTHERS_MESSAGES, NOTICES));
    await this.addOthers();
    for (const slice of chunks(ids, Math.max(1, Math.floor(ROWS / length)))) {
      await this.write(slice, length);
      process.stdout.write('.');
    }
    await this.settle();
    await connection.query('DROP TABLE number');
    await connection.query('ANALYZE TABLE conversation, conversation_member, message, message_hidden');
    await connection.query('SET GLOBAL innodb_flush_log_at_trx_commit = 1');
  }

  /** Adds messages to one conversation of the user, which then has that many, all but a few of them read. */
  async lengthen(id: number, length: number): Promise<void> {
    const { connection, userId } = this;
    await addNumbers(connection, length);
    await this.write([id], length, this.length);
    await connection.query('UPDATE conversation SET last_seq = ?, count = ? WHERE id = ?', [length, length, id]);
    await connection.query(
      'UPDATE conversation_member SET read_seq = ?, read_count = read_seq WHERE user_id = ? AND conversation_id = ?',
      [length - 5, userId, id],
    );
    await connection.query('DROP TABLE number');
  }

  /** What the others have written to each other, and the notices to the user. */
  private async addOthers(): Promise<void> {
    const { connection, ids } = this;
    const [rows] = await connection.query('SELECT id FROM conversation');
    const others = (rows as { id: number }[]).map(row => row.id).filter(id => !ids.includes(id));
    await this.write(others, OTHERS_MESSAGES);
    await connection.query('UPDATE conversation SET last_seq = ?, count = ?', [OTHERS_MESSAGES, OTHERS_MESSAGES]);
    await this.addNotices(Math.max(...others, ...ids) + 1);
  }

  private async write(ids: readonly number[], length: number, after = 0): Promise<void> {
    for (const slice of chunks(ids, 1000)) {
      await this.connection.query(
        `INSERT INTO message (conversation_id, seq, count, sender_id, sync_seq, client_msg_id, type, content, sent_at)
         SELECT c.id, n.n, n.n, 1 + (c.id + n.n % 20) % ${PEOPLE}, n.n,
           CONCAT(LPAD(HEX(c.id), 8, '0'), '-0000-4000-8000-', LPAD(HEX(n.n), 12, '0')), 'text',
           CONCAT('{"text":"The quick brown fox jumps over the lazy dog, ', n.n, ' times"}'),
           UTC_TIMESTAMP(3) - INTERVAL ? - n.n MINUTE
         FROM conversation c STRAIGHT_JOIN number n ON n.n > ? AND n.n <= ? WHERE c.id IN (?)`,
        [length, after, length, slice],
      );
    }
  }

  /** Some are pinned, muted or have a draft; in some the user has deleted the end, or it is deleted for both. */
  private async settle(): Promise<void> {
    const { connection, userId, ids, length } = this;
    const every = (nth: number) => ids.filter((_, index) => index % nth === nth - 1);
    await connection.query(
      `UPDATE conversation
       SET last_seq = ?, count = ?, last_at = UTC_TIMESTAMP(3) - INTERVAL (id * 7919) % 2592000 SECOND
       WHERE id IN (?)`,
      [length, length, ids],
    );
    await connection.query(
      `UPDATE conversation_member SET read_seq = ? - conversation_id % 20, read_count = read_seq
       WHERE user_id = ? AND conversation_id IN (?)`,
      [length, userId, ids],
    );
    const set = (assignment: string, nth: number) =>
      connection.query(`UPDATE conversation_member SET ${assignment} WHERE user_id = ? AND conversation_id IN (?)`, [
        userId,
        every(nth),
      ]);
    await set('pinned_at = UTC_TIMESTAMP(3)', 100);
    await set("draft = 'I was about to write'", 50);
    await set("notify = 'none'", 10);
    const hidden = every(40).flatMap(id => [0, 1, 2].map(back => [userId, id, length - back]));
    await connection.query('INSERT INTO message_hidden (user_id, conversation_id, seq) VALUES ?', [hidden]);
    await connection.query(
      'UPDATE message SET deleted_at = UTC_TIMESTAMP(3) WHERE seq = ? AND conversation_id IN (?)',
      [length, every(70)],
    );
  }

  private async addNotices(id: number): Promise<void> {
    const { connection, userId } = this;
    await connection.query(
      `INSERT INTO conversation (id, app, type, last_seq, count, last_at, created_at)
       VALUES (?, 'default', 'system', ?, ?, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))`,
      [id, NOTICES, NOTICES],
    );
    await connection.query(
      'INSERT INTO conversation_member (conversation_id, user_id, joined_at) VALUES (?, ?, UTC_TIMESTAMP(3))',
      [id, userId],
    );
    await this.write([id], NOTICES);
  }
}
