import { randomUUID } from 'node:crypto';
import { createConnection, type Connection } from 'mysql2/promise';
import { chunks } from '../app/lib/database/statement';
import type { Cast } from './load';
import type { Shape } from './cast';

/*
 * Users whose streams hold many entries, each a message that was committed by itself. The first of the people are those who pull.
 */

const ROWS = 1000;

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
