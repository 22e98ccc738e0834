import { execaSync } from 'execa';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { programs, run } from '../system/command.mjs';
import { local, short } from '../system/paths.mjs';
import { freePort } from '../system/port.mjs';
import { begin } from '../system/progress.mjs';
import { aptInstall, hasApt } from './apt.mjs';
import { atLeast } from './ask.mjs';
import { argsOf } from './mysql.mjs';
import { Server } from './server.mjs';
import { joinShared } from './shared.mjs';

const DIR = local('debian-mysql');
const SYSTEM = join(DIR, 'system');
// As the server sees them, whose root is SYSTEM.
const MYSQLD = '/usr/sbin/mysqld';
const DATA = '/var/lib/egg-im';

/**
 * Joins the MySQL of this checkout, which is MySQL and not MariaDB also where Debian has only the latter: it is brought, once,
 * into a directory with a small Debian of its own, and runs there. For root on Debian or Ubuntu.
 * @param {{ signal?: AbortSignal }} [options]
 * @returns {Promise<{ server: Server, leave: () => Promise<void> }>}
 */
export const joinDebianMysql = ({ signal } = {}) =>
  joinShared({ name: 'MySQL', dir: DIR, signal, start: () => startDebianMysql(signal) });

async function startDebianMysql(signal) {
  if (!existsSync(SYSTEM)) await makeSystem(signal);
  if (!existsSync(join(SYSTEM, DATA))) await makeData(signal);
  const { stdout: answer } = execaSync('chroot', [SYSTEM, MYSQLD, '--no-defaults', '--version']);
  const port = await freePort();
  const server = new Server({
    service: 'mysql',
    label: `private ${atLeast('MySQL', /Ver (\S+)/.exec(answer)?.[1] ?? '')}`,
    dir: DIR,
    command: 'chroot',
    args: [SYSTEM, MYSQLD, ...argsOf({ data: DATA, socket: '/tmp/mysql.sock', port, isMariadb: false })],
    port,
    url: `mysql://root@127.0.0.1:${port}`,
  });
  return server.start(signal);
}

// Under another name first, like the data below: what is half made must not pass for it.
async function makeSystem(signal) {
  if (!hasApt()) throw new Error('A MySQL is brought on Debian and Ubuntu only, and for root; elsewhere: DATABASE_URL');
  if (programs('debootstrap').length === 0) await aptInstall('debootstrap', signal);
  begin(`bringing MySQL into ${short(SYSTEM)}: a minute or two`);
  const unfinished = join(DIR, 'unfinished');
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const args = ['--variant=minbase', '--include=mysql-server-core', 'sid', unfinished];
  await run('debootstrap', args, { log: local('logs', 'debootstrap.log'), signal });
  renameSync(unfinished, SYSTEM);
}

async function makeData(signal) {
  const unfinished = `${DATA}-unfinished`;
  rmSync(join(SYSTEM, unfinished), { recursive: true, force: true });
  mkdirSync(dirname(join(SYSTEM, unfinished)), { recursive: true });
  const args = ['--no-defaults', '--user=root', `--datadir=${unfinished}`, '--initialize-insecure'];
  await run('chroot', [SYSTEM, MYSQLD, ...args], { log: join(DIR, 'initialize.log'), signal });
  renameSync(join(SYSTEM, unfinished), join(SYSTEM, DATA));
}
