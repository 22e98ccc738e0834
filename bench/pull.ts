import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { createConnection, type Connection } from 'mysql2';
import { createConnection as connect, type Connection as Watching } from 'mysql2/promise';
import { seed } from './cast';
import { LoadClient } from './client';
import { readCpu } from './cpu';
import type { Cast } from './load';
import { freePort, option, prepareDatabase, root, withServices, type Services } from './parts';
import { Service } from './service';
import { addOthers, awayFor, fillStreams } from './streams';

/*
 * How fast a device that was away gets its stream: `sync:pull`, page after page over one socket, as the SDK asks. Each entry is one
 * message that was committed by itself, all in one conversation or spread over many groups. Beside it the reader alone, without
 * calls and network, and the least that it can cost: the same rows by SELECTs over one connection of mysql2.
 * `npm run bench:pull [-- --entries=10000 --devices=6 --rounds=5 --limit=500 --groups=100 --checkout=DIR]`; the service that is built
 * in DIR takes turns with this one. With `--others=100000000`, of one conversation alone, and in turns with a database in which
 * other users have so many entries.
 */

const entries = Number(option('entries', '10000'));
const devices = Number(option('devices', '6'));
const rounds = Number(option('rounds', '5'));
const limit = Number(option('limit', '500'));
const groups = Number(option('groups', '100'));
const checkout = option('checkout', '');
const others = Number(option('others', '0'));
const dir = join(root, '.local/bench-pull');

/** Something that brings a user's stream, whole. */
interface Target {
  readonly title: string;
  /** Reads the stream of the user at a place of the cast. Returns how many entries came. */
  pull(place: number): Promise<number>;
  /** Whose CPU time is its own. */
  readonly pids: readonly number[];
  close(): Promise<void> | void;
}

interface Figures {
  readonly title: string;
  readonly perSecond: number;
  /** Microseconds of CPU time for an entry. */
  readonly own: number;
  readonly mysql: number;
  /** Rows that the database has looked at for an entry. */
  readonly rows: number;
}

async function main(services: Services): Promise<void> {
  const states = [
    { name: 'egg-im', path: root, rows: 0 },
    ...(checkout ? [{ name: 'before', path: resolve(checkout), rows: 0 }] : []),
    ...(others ? [{ name: `beside ${others} entries`, path: root, rows: others }] : []),
  ];
  const scenarios = awayFor(devices, groups).slice(0, others ? 1 : undefined);
  for (const [index, { title, shape }] of scenarios.entries()) {
    const targets: Target[] = [];
    try {
      for (const [number, { name, path, rows }] of states.entries()) {
        const place = index * states.length + number;
        const url = `${services.mysql.url}/egg_im_bench_${place}`;
        await prepareDatabase(url, path);
        const cast = await seed(url, 1, shape);
        const ids = Array.from({ length: devices }, (_, user) => 1 + user);
        await fillStreams(url, cast, ids, entries);
        if (rows) await addOthers(url, shape.people, entries, rows);
        targets.push(await serviceOf(name, path, url, `${services.redis.url}/${place}`, cast));
        targets.push(readerOf(`${name}, reader`, path, url));
        if (number === 0) targets.push(bareOf(url));
      }
      print(title, await measure(services, targets));
    } finally {
      for (const { close } of targets) await close();
    }
  }
  console.log(`\n${cpus().length} × ${cpus()[0].model}, Node ${process.version}`);
}

/** Targets take turns, in another order each time; medians of the rounds. */
async function measure({ mysql }: Services, targets: readonly Target[]): Promise<Figures[]> {
  const watching = await connect({ uri: mysql.url });
  const turns = new Map<Target, Figures[]>(targets.map(target => [target, []]));
  for (let round = -1; round < rounds; round++) {
    for (const target of round % 2 ? targets : [...targets].reverse()) {
      const figures = await turn(target, mysql.pid, watching);
      if (round >= 0) turns.get(target)!.push(figures);
    }
  }
  await watching.end();
  return targets.map(target => medianOf(turns.get(target)!));
}

async function turn(target: Target, mysqlPid: number | undefined, watching: Watching): Promise<Figures> {
  const parts = { own: target.pids, mysql: mysqlPid ? [mysqlPid] : [] };
  const rowsBefore = await rowsRead(watching);
  const before = readCpu(parts);
  const start = performance.now();
  let pulled = 0;
  for (let place = 0; place < devices; place++) pulled += await target.pull(place);
  const ms = performance.now() - start;
  const after = readCpu(parts);
  const rows = ((await rowsRead(watching)) - rowsBefore) / pulled;
  if (pulled !== devices * entries) throw new Error(`${target.title} gave ${pulled} entries`);
  const [own, mysql] = [after.own - before.own, after.mysql - before.mysql].map(each => each / pulled);
  return { title: target.title, perSecond: (pulled / ms) * 1000, own, mysql, rows };
}

async function serviceOf(title: string, path: string, db: string, redis: string, cast: Cast): Promise<Target> {
  const env = { DATABASE_URL: db, REDIS_URL: redis };
  const service = new Service(await freePort(), { dir: join(dir, title), workers: 1, env, checkout: path });
  await service.start();
  const clients: LoadClient[] = [];
  for (const { auth } of cast.people.slice(0, devices)) {
    clients.push(await LoadClient.connect(service.port, auth, undefined));
  }
  const close = async () => {
    for (const client of clients) client.close();
    await service.stop();
  };
  return { title, pids: service.pids().worker, pull: place => pullAll(clients[place]), close };
}

interface Page {
  readonly entries: readonly { readonly syncSeq: number }[];
  readonly hasMore: boolean;
}

async function pullAll(client: LoadClient): Promise<number> {
  let last = 0;
  for (let hasMore = true; hasMore;) {
    const after = last;
    const page = await new Promise<Page>((resolve, reject) => {
      client.request('sync:pull', { after, limit }, ({ ok, error, data }) => {
        if (ok) resolve(data as Page);
        else reject(new Error(error?.code));
      });
    });
    for (const { syncSeq } of page.entries)
      if (syncSeq !== ++last) throw new Error(`${syncSeq} came after ${last - 1}`);
    hasMore = page.hasMore && page.entries.length > 0;
  }
  return last;
}

/** The compiled reader of a checkout, in this process. */
function readerOf(title: string, path: string, uri: string): Target {
  const lib = join(path, 'dist/app/lib');
  const load = createRequire(__filename);
  const { Database } = load(join(lib, 'database/pool')) as typeof import('../app/lib/database/pool');
  const { readPage } = load(join(lib, 'stream/reader')) as typeof import('../app/lib/stream/reader');
  const { hostname: host, port, username: user, password, pathname } = new URL(uri);
  const options = { host, port: Number(port), user, password, name: pathname.slice(1), connections: 2 };
  const database = new Database(options);
  const pull = async (place: number) => {
    let after = 0;
    for (let isWhole = false; !isWhole;) {
      const { entries: page, last, head } = await readPage(database, 1 + place, after, { limit, bytes: 1 << 20 });
      isWhole = last === head || page.length === 0;
      after = last;
    }
    return after;
  };
  return { title, pids: [process.pid], pull, close: () => database.close() };
}

const COLUMNS = `p.sync_seq, p.conversation_id, p.created_at, m.client_msg_id, m.sender_id, m.type, m.content, m.sent_at`;

/** What is stored, page by page as text, and nothing made of it. */
function bareOf(uri: string): Target {
  const connection: Connection = createConnection({ uri, dateStrings: true });
  const page = (place: number, after: number) =>
    new Promise<[number][]>((resolve, reject) => {
      const sql = `SELECT ${COLUMNS} FROM push_history p
        STRAIGHT_JOIN message m ON m.conversation_id = p.conversation_id AND m.seq = p.from_seq
        WHERE p.receiver_id = ${1 + place} AND p.sync_seq > ${after} ORDER BY p.sync_seq LIMIT ${limit}`;
      const done = (error: Error | null, rows: unknown) => (error ? reject(error) : resolve(rows as [number][]));
      connection.query({ sql, rowsAsArray: true }, done);
    });
  const pull = async (place: number) => {
    let after = 0;
    for (let rows; (rows = await page(place, after)).length > 0;) [after] = rows.at(-1)!;
    return after;
  };
  return { title: 'bare SELECTs', pids: [process.pid], pull, close: () => connection.destroy() };
}

async function rowsRead(connection: Watching): Promise<number> {
  const [rows] = await connection.query("SHOW GLOBAL STATUS LIKE 'Handler_read%'");
  return (rows as { Value: string }[]).reduce((sum, row) => sum + Number(row.Value), 0);
}

function medianOf(turns: readonly Figures[]): Figures {
  const median = (of: (figures: Figures) => number) => turns.map(of).sort((a, b) => a - b)[turns.length >> 1];
  const [perSecond, own, mysql, rows] = [
    median(t => t.perSecond),
    median(t => t.own),
    median(t => t.mysql),
    median(t => t.rows),
  ];
  return { title: turns[0].title, perSecond, own, mysql, rows };
}

function print(title: string, figures: readonly Figures[]): void {
  console.log(`\n| ${entries} entries, ${title} | entries/s | its own CPU, µs an entry | MySQL's | rows looked at |`);
  console.log('| --- | ---: | ---: | ---: | ---: |');
  for (const { title: target, perSecond, own, mysql, rows } of figures) {
    const cells = [perSecond.toFixed(0), own.toFixed(1), mysql.toFixed(1), rows.toFixed(2)];
    console.log(`| ${target} | ${cells.join(' | ')} |`);
  }
}

withServices(dir, main).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
