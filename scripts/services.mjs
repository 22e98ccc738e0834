import { aptInstall, hasApt } from './services/apt.mjs';
import { askMysql, askRedis } from './services/ask.mjs';
import { dockerWorks, MYSQL_IMAGE, REDIS_IMAGE, startContainer } from './services/docker.mjs';
import { findBinary as findMysqlBinary, startMysql } from './services/mysql.mjs';
import { findBinary as findRedisBinary, startRedis } from './services/redis.mjs';
import { joinShared } from './services/shared.mjs';
import { local, short } from './system/paths.mjs';
import { begin } from './system/progress.mjs';

export { startMysql, startRedis };

/**
 * @typedef {object} Service
 * @property {string} url
 * @property {string} label for people
 * @property {() => Promise<void>} stop ends it if it is ours and no other script uses it
 */

const MYSQL = {
  name: 'MySQL',
  variable: 'DATABASE_URL',
  usual: 'mysql://root@127.0.0.1:3306',
  dir: local('mysql'),
  ask: askMysql,
  findBinary: findMysqlBinary,
  start: startMysql,
  debian: 'mariadb-server',
  brew: 'mariadb',
  image: MYSQL_IMAGE,
  example: 'mysql://user:password@host:3306/egg_im',
};

const REDIS = {
  name: 'Redis',
  variable: 'REDIS_URL',
  usual: 'redis://127.0.0.1:6379',
  dir: local('redis'),
  ask: askRedis,
  findBinary: findRedisBinary,
  start: startRedis,
  debian: 'redis-server',
  brew: 'redis',
  image: REDIS_IMAGE,
  example: 'redis://:password@host:6379/0',
};

/** @param {{ signal?: AbortSignal }} [options] @returns {Promise<Service>} */
export const findMysql = options => find(MYSQL, options);

/** @param {{ signal?: AbortSignal }} [options] @returns {Promise<Service>} */
export const findRedis = options => find(REDIS, options);

async function find(kind, { signal } = {}) {
  return (await configured(kind)) ?? (await usual(kind)) ?? (await ours(kind, signal));
}

async function configured({ name, variable, ask }) {
  const url = process.env[variable];
  if (!url) return undefined;
  if (!URL.canParse(url)) throw new Error(`${variable} is not a URL`);
  const { host } = new URL(url);
  try {
    return { url, label: `${await ask(url)} at ${host} (${variable})`, stop: async () => {} };
  } catch (error) {
    // Going on with another server than the one that was asked for would put data where nobody looks for it.
    throw new Error(`${variable} is set, but ${name} at ${host} can not be used: ${reason(error)}`, {
      cause: error,
    });
  }
}

async function usual({ name, usual: url, ask }) {
  const { host } = new URL(url);
  try {
    return { url, label: `${await ask(url)} at ${host}`, stop: async () => {} };
  } catch (error) {
    if (error.code !== 'ECONNREFUSED') begin(`not using ${name} at ${host}: ${reason(error)}`);
    return undefined;
  }
}

async function ours(kind, signal) {
  const { name, dir } = kind;
  const { server, leave } = await joinShared({ name, dir, signal, start: () => startOurs(kind, signal) });
  return { url: server.url, label: `${server.label} on 127.0.0.1:${server.port} (${short(dir)})`, stop: leave };
}

async function startOurs({ name, variable, dir, findBinary, start, debian, brew, image, example }, signal) {
  const reasons = [];
  const attempt = async step => {
    try {
      return await step();
    } catch (error) {
      signal?.throwIfAborted();
      reasons.push(reason(error));
      return undefined;
    }
  };

  if (!findBinary() && hasApt()) await attempt(() => aptInstall(debian, signal));
  if (findBinary()) {
    begin(`starting a private ${name}`);
    const server = await attempt(() => start({ dir, signal }));
    if (server) return server;
  }
  if (await dockerWorks()) {
    const server = await attempt(() => startContainer(image, { dir, signal }));
    if (server) return server;
  }
  throw new Error(
    [
      `${name} is needed, and none could be found or started.`,
      ...reasons,
      'One of these will do:',
      `  Debian, Ubuntu   sudo apt-get install ${debian}`,
      `  macOS            brew install ${brew}`,
      '  Docker           start Docker, so that `docker info` answers',
      `  elsewhere        ${variable}=${example}`,
    ].join('\n'),
  );
}

// Some network errors come without a message, the attempts on each address inside.
const reason = error => error.message || error.code || String(error);
