import { run } from '../system/command.mjs';
import { local } from '../system/paths.mjs';
import { connectRedis, withoutDatabase } from './ask.mjs';

/**
 * Makes the database that `url` names.
 * @param {string} url
 * @param {{ anew?: boolean }} [options] `anew`: drops it first
 */
export async function createDatabase(url, { anew = false } = {}) {
  const { createConnection, escapeId } = await import('mysql2/promise');
  const name = databaseOf(url);
  const connection = await createConnection(withoutDatabase(url));
  try {
    if (anew) await connection.query(`DROP DATABASE IF EXISTS ${escapeId(name)}`);
    const [known] = await connection.query('SELECT 1 FROM information_schema.schemata WHERE schema_name = ?', [name]);
    // An account that may not create databases can work in one that is there.
    if (known.length > 0) return;
    await connection.query(`CREATE DATABASE ${escapeId(name)} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`);
  } finally {
    await connection.end();
  }
}

/**
 * @param {'db:migrate' | 'db:seed:all'} task
 * @param {NodeJS.ProcessEnv} env
 * @param {AbortSignal} [signal]
 */
export async function sequelize(task, env, signal) {
  await run('sequelize-cli', [task], { log: local('logs', `${task.replaceAll(':', '-')}.log`), env, signal });
}

/**
 * An empty Redis database other than the one of `url`. Each is claimed in a key beside the others' data, so that no database
 * is emptied that another program has filled.
 * @param {string} url
 * @param {string} owner
 * @returns {Promise<string>} its URL
 */
export async function emptyRedis(url, owner) {
  const redis = await connectRedis(url);
  try {
    const home = Number(databaseOf(url) || 0);
    for (let db = 1; db < 16; db++) {
      if (db === home) continue;
      const claim = `egg-im:claim:${db}`;
      const claimed = await redis.get(claim);
      await redis.select(db);
      const free = claimed ? claimed === owner : (await redis.dbsize()) === 0;
      if (free) await redis.flushdb();
      await redis.select(home);
      if (!free) continue;
      await redis.set(claim, owner);
      return withDatabase(url, String(db));
    }
    throw new Error(`Redis at ${new URL(url).host} has no empty database left: REDIS_URL may name another Redis`);
  } finally {
    redis.disconnect();
  }
}

/** @param {string} url */
export const databaseOf = url => decodeURIComponent(new URL(url).pathname.slice(1));

/**
 * @param {string} url
 * @param {string} name
 */
export function withDatabase(url, name) {
  const named = new URL(url);
  named.pathname = `/${encodeURIComponent(name)}`;
  return named.href;
}
