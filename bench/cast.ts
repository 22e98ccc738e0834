import { createConnection } from 'mysql2/promise';
import { chunks } from '../app/lib/database/statement';
import { newSecretId } from '../app/lib/database/ids';
import { Tokens } from '../app/lib/auth/tokens';
import type { Cast } from './load';
import { secret } from './service';

const tokens = new Tokens({ secret, accessTtl: 86400, refreshTtl: 86400 });
const ROWS = 1000;

export interface Shape {
  readonly people: number;
  /** Members are places among the people. */
  readonly conversations: readonly { readonly type: 'single' | 'group'; readonly members: readonly number[] }[];
}

/** Puts people with a session each, and their conversations, straight into the database: registering is not what is measured. */
export async function seed(databaseUrl: string, firstId: number, shape: Shape): Promise<Cast> {
  const users = Array.from({ length: shape.people }, (_, place) => {
    const actor = { app: 'default', userId: firstId + place, deviceId: 'load', sessionId: newSecretId() };
    return { ...actor, auth: { token: tokens.issue(actor, newSecretId()).accessToken } };
  });
  const idOf = (place: number) => firstId + place;
  const conversations = shape.conversations.map((each, index) => ({ ...each, id: firstId + shape.people + index }));
  const groups = conversations.filter(each => each.type === 'group');
  const now = new Date();
  const rows = {
    'user (id, app, account, password_hash, name, created_at, updated_at)': users.map(({ userId }) => {
      return [userId, 'default', `load-${userId}`, '-', `Load ${userId}`, now, now];
    }),
    'user_inbox (user_id)': users.map(({ userId }) => [userId]),
    'device (user_id, device_id, platform, session_id, last_seen_at, created_at)': users.map(each => {
      return [each.userId, each.deviceId, 'other', each.sessionId, now, now];
    }),
    'conversation (id, app, type, single_key, last_at, created_at)': conversations.map(({ id, type, members }) => {
      return [id, 'default', type, type === 'single' ? members.map(idOf).join(':') : null, now, now];
    }),
    'chat_group (id, name, owner_id, created_at, updated_at)': groups.map(({ id, members }) => {
      return [id, `Group ${id}`, idOf(members[0]), now, now];
    }),
    'conversation_member (conversation_id, user_id, joined_at)': conversations.flatMap(({ id, members }) => {
      return members.map(place => [id, idOf(place), now]);
    }),
  };
  const connection = await createConnection({ uri: databaseUrl, timezone: 'Z' });
  for (const [table, values] of Object.entries(rows)) {
    for (const slice of chunks(values, ROWS)) await connection.query(`INSERT INTO ${table} VALUES ?`, [slice]);
  }
  await connection.end();
  return {
    people: users.map(({ auth }) => ({ auth })),
    conversations: conversations.map(({ id, members }) => ({ id: String(id), members })),
  };
}
