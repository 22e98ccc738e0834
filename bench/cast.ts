import { createConnection } from 'mysql2/promise';
import { newSecretId } from '../app/lib/ids';
import { Tokens } from '../app/lib/tokens';
import type { Cast } from './load';
import { secret } from './parts';

const tokens = new Tokens({ secret, accessTtl: 86400, refreshTtl: 86400 });
const ROWS = 1000;

export interface Shape {
  readonly people: number;
  /** Places of the members among the people, for each conversation. */
  readonly conversations: readonly (readonly number[])[];
  readonly type: 'single' | 'group';
}

/** Puts people with a session each, and their conversations, straight into the database: registering is not what is measured. */
export async function seed(
  databaseUrl: string,
  firstId: number,
  { people, conversations, type }: Shape,
): Promise<Cast> {
  const users = Array.from({ length: people }, (_, index) => {
    const actor = { app: 'default', userId: firstId + index, deviceId: 'load', sessionId: newSecretId() };
    return { ...actor, auth: { token: tokens.issue(actor, newSecretId()).accessToken } };
  });
  const rows = conversations.map((members, index) => ({ id: firstId + people + index, members }));
  const now = new Date();
  const insert = {
    'user (id, app, account, password_hash, name, created_at, updated_at)': users.map(({ userId }) => [
      userId,
      'default',
      `load-${userId}`,
      '-',
      `Load ${userId}`,
      now,
      now,
    ]),
    'user_inbox (user_id)': users.map(({ userId }) => [userId]),
    'device (user_id, device_id, platform, session_id, last_seen_at, created_at)': users.map(
      ({ userId, deviceId, sessionId }) => [userId, deviceId, 'other', sessionId, now, now],
    ),
    'conversation (id, app, type, single_key, last_at, created_at)': rows.map(({ id, members }) => [
      id,
      'default',
      type,
      type === 'single' ? members.map(place => firstId + place).join(':') : null,
      now,
      now,
    ]),
    'chat_group (id, name, owner_id, created_at, updated_at)':
      type === 'group' ? rows.map(({ id, members }) => [id, `Group ${id}`, firstId + members[0], now, now]) : [],
    'conversation_member (conversation_id, user_id, joined_at)': rows.flatMap(({ id, members }) =>
      members.map(place => [id, firstId + place, now]),
    ),
  };
  const connection = await createConnection({ uri: databaseUrl, timezone: 'Z' });
  for (const [table, values] of Object.entries(insert)) {
    for (let from = 0; from < values.length; from += ROWS) {
      await connection.query(`INSERT INTO ${table} VALUES ?`, [values.slice(from, from + ROWS)]);
    }
  }
  await connection.end();
  return {
    people: users.map(({ auth }) => ({ auth })),
    conversations: rows.map(({ id, members }) => ({ id: String(id), members })),
  };
}
