/** Asking a server who it is. Rejects when it does not answer, does not let us in or is too old. */

const OLDEST = { MySQL: [8, 0], MariaDB: [10, 6], Redis: [6, 0], Valkey: [7, 2] };
const TIMEOUT_MS = 5000;

/**
 * @param {string} url mysql://user:password@host:port; a database in it need not exist yet
 * @returns {Promise<string>} such as `MariaDB 10.11`
 */
export async function askMysql(url) {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection({ uri: withoutDatabase(url), connectTimeout: TIMEOUT_MS });
  // A connection that breaks while it is idle reports it as an event, which would end this process.
  connection.on('error', () => {});
  try {
    const [[{ version }]] = await connection.query({ sql: 'SELECT VERSION() AS version', timeout: TIMEOUT_MS });
    return atLeast(version.includes('MariaDB') ? 'MariaDB' : 'MySQL', version);
  } finally {
    connection.destroy();
  }
}

/**
 * @param {string} url
 * @returns {Promise<string>} such as `Redis 7.0`
 */
export async function askRedis(url) {
  const redis = await connectRedis(url);
  try {
    if ((await redis.ping()) !== 'PONG') throw new Error('no PONG to a PING');
    const version = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? '';
    return atLeast('Redis', version);
  } finally {
    redis.disconnect();
  }
}

/** A connection that does not try again by itself. @param {string} url */
export async function connectRedis(url) {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let reason;
  redis.on('error', error => (reason = error));
  try {
    await redis.connect();
    return redis;
  } catch (error) {
    redis.disconnect();
    // ioredis rejects with "Connection is closed."; what happened is in the event before.
    throw reason ?? error;
  }
}

/** @param {string} url */
export function withoutDatabase(url) {
  const server = new URL(url);
  server.pathname = '/';
  return server.href;
}

/**
 * @param {keyof typeof OLDEST} name
 * @param {string} version
 * @returns {string} name and release, such as `MySQL 8.4`
 */
export function atLeast(name, version) {
  const [major, minor] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST[name];
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return `${name} ${major}.${minor}`;
  throw new Error(`${name} ${version} is too old: ${oldestMajor}.${oldestMinor} or newer is needed`);
}
