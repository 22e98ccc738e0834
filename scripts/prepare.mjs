import { createDatabase, databaseOf, emptyRedis, sequelize, withDatabase } from './services/database.mjs';
import { findMysql, findRedis } from './services.mjs';
import { lock } from './system/lock.mjs';
import { local } from './system/paths.mjs';
import { begin, done } from './system/progress.mjs';

/**
 * Brings up everything that the service needs: MySQL, Redis, the database and its tables.
 * @param {object} [options]
 * @param {string} [options.suffix] such as `_test`: works in a database of that ending, made anew, and in a Redis database of its own
 * @param {boolean} [options.seed] puts the demo accounts in
 * @param {AbortSignal} [options.signal] ends the preparation
 * @returns {Promise<{ env: { DATABASE_URL: string, REDIS_URL: string }, stop: () => Promise<void> }>}
 */
export async function prepare({ suffix = '', seed = false, signal } = {}) {
  const started = [];
  const stop = async () => {
    for (const service of started.splice(0).reverse()) await service.stop();
  };
  const step = async promise => {
    const result = await promise;
    signal?.throwIfAborted();
    return result;
  };
  try {
    const mysql = await findMysql({ signal });
    started.push(mysql);
    done(`MySQL: ${mysql.label}`);
    const redis = await findRedis({ signal });
    started.push(redis);
    done(`Redis: ${redis.label}`);

    const database = (databaseOf(mysql.url) || 'egg_im') + suffix;
    const env = {
      DATABASE_URL: withDatabase(mysql.url, database),
      REDIS_URL: suffix ? await step(emptyRedis(redis.url, database)) : redis.url,
    };
    await step(fill({ env, anew: suffix !== '', seed, signal }));
    done(`database ${database}: tables up to date${seed ? ', demo accounts in place' : ''}`);
    return { env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function fill({ env, anew, seed, signal }) {
  const waiting = pid => begin(`waiting for another script (pid ${pid}), which migrates the database`);
  const release = await lock(local('database.lock'), { signal, waiting });
  try {
    await createDatabase(env.DATABASE_URL, { anew });
    await sequelize('db:migrate', env, signal);
    if (seed) await sequelize('db:seed:all', env, signal);
  } finally {
    release();
  }
}
