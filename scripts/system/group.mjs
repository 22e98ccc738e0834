import { execa } from 'execa';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { local, root } from './paths.mjs';
import { identify, isAlive } from './process.mjs';

const END_MS = 15_000;
const KILLED_MS = 1000;
const RECORDS = local('groups');

/**
 * A program with all processes it starts, ended together when `signal` says so.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env: NodeJS.ProcessEnv, stdio: import('execa').Options['stdio'], signal: AbortSignal, endMs?: number }} options
 *   `env` is put into this process's; `endMs`: how long it may take to end before it is killed
 */
export async function startGroup(command, args, { env, stdio, signal, endMs = END_MS }) {
  // A group of its own: Ctrl-C reaches the script alone, which then ends the program first and the servers after it.
  const options = { cwd: root, preferLocal: true, env, stdio, detached: true, buffer: false, reject: false };
  const child = execa(command, args, options);
  await once(child, 'spawn');
  const record = join(RECORDS, `${child.pid}.json`);
  mkdirSync(RECORDS, { recursive: true });
  writeFileSync(record, JSON.stringify({ script: identify(process.pid), leader: identify(child.pid) }));
  // Not the child's own promise, which also waits for its output: what the leader leaves behind may hold that open.
  const exited = once(child, 'exit');
  const end = () => endGroup(child.pid, endMs);
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  return {
    child,
    /** Its exit code, when nothing of it runs any more. */
    ended: exited.then(async ([code]) => {
      await endGroup(child.pid, endMs);
      rmSync(record, { force: true });
      return code ?? 1;
    }),
  };
}

/** Ends the programs of scripts that were killed: they would hold their ports, and work on a database that is made anew. */
export async function endOrphans() {
  mkdirSync(RECORDS, { recursive: true });
  for (const record of readdirSync(RECORDS).map(name => join(RECORDS, name))) {
    const { script, leader } = read(record);
    if (!script || isAlive(script)) continue;
    if (isAlive(leader)) await endGroup(leader.pid, END_MS);
    rmSync(record, { force: true });
  }
}

// Another script may be writing or removing it just now.
function read(record) {
  try {
    return JSON.parse(readFileSync(record, 'utf8'));
  } catch {
    return {};
  }
}

async function endGroup(pid, endMs) {
  send(pid, 'SIGTERM');
  if (await isGone(pid, endMs)) return;
  send(pid, 'SIGKILL');
  // Bounded too: where nobody reaps orphans, as in a container without an init, a zombie keeps its group for ever.
  await isGone(pid, KILLED_MS);
}

async function isGone(group, ms) {
  for (const deadline = Date.now() + ms; send(group, 0); await sleep(50)) {
    if (Date.now() > deadline) return false;
  }
  return true;
}

function send(group, signal) {
  try {
    return process.kill(-group, signal);
  } catch (error) {
    // EPERM: macOS answers it for a group of which only zombies are left.
    if (error.code === 'ESRCH' || error.code === 'EPERM') return false;
    throw error;
  }
}
