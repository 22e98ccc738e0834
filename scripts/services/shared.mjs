import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lock } from '../system/lock.mjs';
import { identify, isAlive } from '../system/process.mjs';
import { begin } from '../system/progress.mjs';
import { Server } from './server.mjs';

let joined = 0;

/**
 * Joins the server in `dir`: the one that other scripts of this checkout use, or else a new one. The last to leave stops it.
 * @param {{ name: string, dir: string, start: () => Promise<Server>, signal?: AbortSignal }} options
 * @returns {Promise<{ server: Server, leave: () => Promise<void> }>}
 */
export async function joinShared({ name, dir, start, signal }) {
  const users = join(dir, 'users');
  const user = join(users, `${process.pid}-${++joined}`);
  mkdirSync(users, { recursive: true });

  const release = await lockOf(name, dir, signal);
  try {
    const server = (await running(dir, signal)) ?? (await start());
    writeFileSync(user, JSON.stringify(identify(process.pid)));
    return { server, leave: () => leave(name, dir, users, user) };
  } finally {
    release();
  }
}

async function running(dir, signal) {
  const server = Server.leftIn(dir);
  try {
    await server?.untilReady(signal);
    return server;
  } catch (error) {
    // It runs and does not answer: `start` ends it before it begins another.
    signal?.throwIfAborted();
    begin(`starting again: ${error.message}`);
    return undefined;
  }
}

async function leave(name, dir, users, user) {
  const release = await lockOf(name, dir);
  try {
    rmSync(user, { force: true });
    if (!hasUsers(users)) await Server.leftIn(dir)?.stop();
  } finally {
    release();
  }
}

function hasUsers(users) {
  return readdirSync(users).some(name => {
    const file = join(users, name);
    if (isAlive(JSON.parse(readFileSync(file, 'utf8')))) return true;
    rmSync(file, { force: true });
    return false;
  });
}

const lockOf = (name, dir, signal) =>
  lock(join(dir, 'lock'), {
    signal,
    waiting: pid => begin(`waiting for another script (pid ${pid}), which is starting or stopping ${name}`),
  });
