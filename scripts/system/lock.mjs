import { mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isAlive } from './process.mjs';

/**
 * Holds `path` for this process. Waits as long as another live process holds it; a dead one's lock is taken over.
 * @param {string} path
 * @param {{ waiting?: (pid: number) => void, signal?: AbortSignal }} [options] `waiting` is told once, when it has to wait
 * @returns {Promise<() => void>} the release
 */
export async function lock(path, { waiting, signal } = {}) {
  mkdirSync(dirname(path), { recursive: true });
  for (;;) {
    signal?.throwIfAborted();
    if (take(path)) return () => rmSync(path, { force: true });
    const owner = ownerOf(path);
    if (owner && !isAlive(owner)) {
      await removeStale(path, signal);
    } else if (owner) {
      waiting?.(owner.pid);
      waiting = undefined;
      await sleep(200, undefined, { signal });
    }
  }
}

// A symbolic link is made at once with what it says, so nobody reads a lock that does not name its owner yet.
function take(path) {
  try {
    symlinkSync(JSON.stringify(identify(process.pid)), path);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

function ownerOf(path) {
  try {
    return JSON.parse(readlinkSync(path));
  } catch (error) {
    if (error.code !== 'ENOENT') throw new Error(`${path} is not a lock of these scripts: remove it`, { cause: error });
    return undefined;
  }
}

// Under a lock of its own: of two that saw the same stale lock, the slower one would remove what the faster one has just taken.
async function removeStale(path, signal) {
  const release = await lock(`${path}.stale`, { signal });
  try {
    const owner = ownerOf(path);
    if (owner && !isAlive(owner)) rmSync(path, { force: true });
  } finally {
    release();
  }
}
