import { execaSync } from 'execa';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { programs, run } from '../system/command.mjs';
import { freePort } from '../system/port.mjs';
import { atLeast } from './ask.mjs';
import { homebrew, SYSTEM } from './places.mjs';
import { Server } from './server.mjs';

const PLACES = [
  ...SYSTEM,
  '/usr/local/mysql/bin',
  ...homebrew('mariadb', 'mysql', 'mysql@8.4', 'mysql@8.0', 'mariadb@11.4', 'mariadb@10.11'),
];

/**
 * A private MySQL or MariaDB on 127.0.0.1, with the durability it ships with.
 * @param {{ dir: string, port?: number, signal?: AbortSignal }} options `dir` keeps its data, log and state
 * @returns {Promise<Server>} answering; `url` is root's, without a database
 */
export async function startMysql({ dir, port, signal }) {
  const binary = findBinary();
  if (!binary) throw new Error('No mariadbd (10.6 or newer) or mysqld (8.0 or newer) on this machine');
  const home = resolve(dir);
  const data = await dataOf(binary, home, signal);
  const chosen = port ?? (await freePort());
  // Its own: a MariaDB that starts deletes what looks like a temporary table in its folder, also of those that are running.
  const tmp = join(home, 'tmp');
  mkdirSync(tmp, { recursive: true });
  const server = new Server({
    service: 'mysql',
    label: `private ${binary.version}`,
    dir: home,
    command: binary.path,
    args: [...argsOf({ data, socket: socketIn(home), port: chosen, isMariadb: binary.isMariadb }), `--tmpdir=${tmp}`],
    port: chosen,
    url: `mysql://root@127.0.0.1:${chosen}`,
  });
  return server.start(signal);
}

/** What a private server is started with. @param {{ data: string, socket: string, port: number, isMariadb: boolean }} options */
export const argsOf = ({ data, socket, port, isMariadb }) => [
  ...common(data),
  `--socket=${socket}`,
  `--port=${port}`,
  '--bind-address=127.0.0.1',
  '--skip-log-bin',
  '--innodb-buffer-pool-size=512M',
  '--character-set-server=utf8mb4',
  '--collation-server=utf8mb4_unicode_ci',
  // Both are for the system's own MySQL; a second server would fight it for them.
  ...(isMariadb ? [] : ['--mysqlx=OFF', '--secure-file-priv=NULL']),
];

/** @returns {{ path: string, version: string, isMariadb: boolean } | undefined} the first that is new enough */
export function findBinary() {
  for (const path of [...programs('mariadbd', PLACES), ...programs('mysqld', PLACES)]) {
    try {
      const { stdout: answer } = execaSync(path, ['--no-defaults', '--version']);
      const name = answer.includes('MariaDB') ? 'MariaDB' : 'MySQL';
      return { path, version: atLeast(name, /Ver (\S+)/.exec(answer)?.[1] ?? ''), isMariadb: name === 'MariaDB' };
    } catch {
      continue;
    }
  }
  return undefined;
}

// Each of the two can not read the other's files. Made under another name first: half-made data must not pass for data. The
// name is this attempt's alone, as what an interrupted one has started may write on for a while.
async function dataOf({ path, isMariadb }, dir, signal) {
  const data = join(dir, isMariadb ? 'mariadb' : 'mysql');
  if (existsSync(data)) return data;
  mkdirSync(dir, { recursive: true });
  for (const name of readdirSync(dir)) {
    if (name.startsWith('unfinished-')) rmSync(join(dir, name), { recursive: true, force: true });
  }
  const unfinished = join(dir, `unfinished-${randomUUID()}`);
  const log = join(dir, 'initialize.log');
  if (isMariadb) {
    const args = [...common(unfinished), '--auth-root-authentication-method=normal', '--skip-test-db'];
    await run(installer(path), args, { log, signal });
  } else {
    await run(path, [...common(unfinished), '--initialize-insecure'], { log, signal });
  }
  renameSync(unfinished, data);
  return data;
}

function installer(mariadbd) {
  const bin = dirname(realpathSync(mariadbd));
  const beside = ['.', '../bin', '../scripts'].map(place => join(bin, place));
  const [found] = programs('mariadb-install-db', beside);
  if (!found) throw new Error(`mariadb-install-db, which belongs to ${mariadbd}, is missing`);
  return found;
}

function common(data) {
  return ['--no-defaults', `--datadir=${data}`, ...(process.getuid?.() === 0 ? ['--user=root'] : [])];
}

// A socket's path may have 103 bytes on macOS and 107 on Linux.
function socketIn(dir) {
  const socket = join(dir, 'mysql.sock');
  if (Buffer.byteLength(socket) <= 103) return socket;
  return join(tmpdir(), `egg-im-${createHash('sha256').update(dir).digest('hex').slice(0, 12)}.sock`);
}
