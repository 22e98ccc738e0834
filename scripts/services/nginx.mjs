import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { programs, run } from '../system/command.mjs';
import { local } from '../system/paths.mjs';
import { hasApt } from './apt.mjs';

const DIR = local('nginx');
const PROGRAM = join(DIR, 'usr/sbin/nginx');

/**
 * The nginx of this machine, or one that is unpacked into this checkout: installed, Debian's would begin to serve port 80.
 * @returns {Promise<string | undefined>} its path; undefined where there is none and none to be had
 */
export async function findNginx() {
  const [installed] = programs('nginx', ['/usr/sbin', '/opt/homebrew/bin', '/usr/local/bin']);
  if (installed || existsSync(PROGRAM)) return installed ?? PROGRAM;
  return hasApt() ? unpack() : undefined;
}

async function unpack() {
  const log = local('logs', 'nginx.log');
  const unfinished = `${DIR}-unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  await run('apt-get', ['-q', 'update'], { log });
  await run('sh', ['-c', `cd "${unfinished}" && apt-get -q download nginx`], { log, append: true });
  const [name] = readdirSync(unfinished);
  await run('dpkg-deb', ['--extract', join(unfinished, name), unfinished], { log, append: true });
  renameSync(unfinished, DIR);
  return PROGRAM;
}
