import { execaSync } from 'execa';
import { resolve } from 'node:path';
import { programs } from '../system/command.mjs';
import { freePort } from '../system/port.mjs';
import { atLeast } from './ask.mjs';
import { homebrew, SYSTEM } from './places.mjs';
import { Server } from './server.mjs';

const PLACES = [...SYSTEM, ...homebrew('redis', 'valkey')];

/**
 * A private Redis on 127.0.0.1 that keeps nothing on disk: what Redis holds here is momentary.
 * @param {{ dir: string, port?: number, signal?: AbortSignal }} options `dir` keeps its log and state
 * @returns {Promise<Server>} answering
 */
export async function startRedis({ dir, port, signal }) {
  const binary = findBinary();
  if (!binary) throw new Error('No redis-server (6.0 or newer) on this machine');
  const home = resolve(dir);
  const chosen = port ?? (await freePort());
  const server = new Server({
    service: 'redis',
    label: `private ${binary.version}`,
    dir: home,
    command: binary.path,
    args: ['--bind', '127.0.0.1', '--port', String(chosen), '--dir', home, '--save', '', '--appendonly', 'no'],
    port: chosen,
    url: `redis://127.0.0.1:${chosen}`,
  });
  return server.start(signal);
}

/** @returns {{ path: string, version: string } | undefined} the first that is new enough; Valkey is Redis by another name */
export function findBinary() {
  for (const path of [...programs('redis-server', PLACES), ...programs('valkey-server', PLACES)]) {
    try {
      const { stdout: answer } = execaSync(path, ['--version']);
      const [, name, version] = /^(\w+) server v=(\S+)/.exec(answer) ?? [];
      return { path, version: atLeast(name, version) };
    } catch {
      continue;
    }
  }
  return undefined;
}
