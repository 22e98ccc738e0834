import { createConnection, type Connection } from 'mysql2/promise';
import { seed } from '../cast';

/** What attackers find in the service: the first of the people is the attacker, who is in all of these conversations. */
export interface World {
  readonly port: number;
  readonly databaseUrl: string;
  /** Of the people, in order of their places. */
  readonly tokens: readonly string[];
  readonly ids: readonly string[];
  /** A group of all. */
  readonly crowd: string;
  /** With another user: messages of 15 KB, each an entry of the attacker's stream. */
  readonly pages: string;
  /** With another user, who has not read any of many messages. */
  readonly unread: string;
  /** With another user, empty. */
  readonly quiet: string;
}

const PEOPLE = 2000;
const LARGE = 500;
const LARGE_BYTES = 15_000;
const UNREAD = 200_000;

/** Makes the world in an empty database. */
export async function makeWorld(databaseUrl: string, port: number): Promise<World> {
  const all = Array.from({ length: PEOPLE }, (_, place) => place);
  const single = (other: number) => ({ type: 'single' as const, members: [0, other] });
  const cast = await seed(databaseUrl, 1, {
    people: PEOPLE,
    conversations: [{ type: 'group', members: all }, single(1), single(2), single(3)],
  });
  const [crowd, pages, unread, quiet] = cast.conversations.map(each => each.id);
  const connection = await createConnection({ uri: databaseUrl, timezone: 'Z' });
  await connection.query('CREATE TABLE number (n INT UNSIGNED NOT NULL PRIMARY KEY)');
  await connection.query('INSERT INTO number VALUES (1)');
  for (let made = 1; made < UNREAD; made *= 2) {
    await connection.query('INSERT INTO number SELECT n + ? FROM number WHERE n <= ?', [made, UNREAD - made]);
  }
  await fill(connection, crowd, 1, 'hello');
  await fill(connection, pages, LARGE, 'x'.repeat(LARGE_BYTES));
  await fill(connection, unread, UNREAD, 'hello again');
  await connection.query(
    `INSERT INTO push_history (receiver_id, sync_seq, type, conversation_id, from_seq, to_seq, created_at)
     SELECT 1, n, 'message.new', ?, n, n, UTC_TIMESTAMP(3) FROM number WHERE n <= ?`,
    [pages, LARGE],
  );
  await connection.query('UPDATE user_inbox SET last_seq = ? WHERE user_id = 1', [LARGE]);
  await connection.query('DROP TABLE number');
  await connection.end();
  const tokens = cast.people.map(({ auth }) => String(auth.token));
  return { port, databaseUrl, tokens, ids: all.map(place => String(place + 1)), crowd, pages, unread, quiet };
}

/** Puts messages of the attacker into a conversation. */
async function fill(connection: Connection, id: string, length: number, text: string): Promise<void> {
  await connection.query(
    `INSERT INTO message (conversation_id, seq, count, sender_id, sync_seq, client_msg_id, type, content, sent_at)
     SELECT ?, n, n, 1, n, CONCAT(LPAD(HEX(?), 8, '0'), '-0000-4000-8000-', LPAD(HEX(n), 12, '0')), 'text', ?, UTC_TIMESTAMP(3)
     FROM number WHERE n <= ?`,
    [id, id, JSON.stringify({ text }), length],
  );
  await connection.query('UPDATE conversation SET last_seq = ?, count = ? WHERE id = ?', [length, length, id]);
}
