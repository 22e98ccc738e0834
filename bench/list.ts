import { rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { createConnection, type Connection } from 'mysql2/promise';
import { seed } from './cast';
import { percentilesOf, type Percentiles } from './figures';
import { History, shapeOf } from './history';
import { freePort, option, prepareDatabase, root, withServices, type Services } from './parts';
import { untilFlushed } from './quiet';
import { Service } from './service';

/*
 * How long the list of conversations takes a user who has many, and how little the messages behind them have to do with it.
 * `npm run bench:list [-- --conversations=1000 --messages=5000000,50000000 --requests=500]`. The data goes when it ends.
 */

const conversations = Number(option('conversations', '1000'));
const sizes = option('messages', '5000000,50000000').split(',').map(Number);
const requests = Number(option('requests', '500'));
const WARM_UP = 100;
/** Requests by which the rows that the database looks at are counted. */
const COUNTED = 50;
const LIMIT = 50;
const first = `/conversations?limit=${LIMIT}`;
const dir = join(root, '.local/bench-list');

interface Figures extends Percentiles {
  readonly call: string;
  readonly messages: number;
  /** rows that the database has looked at for one request */
  readonly rows: number;
}

/** A service on a database of its own, in which the user has that many messages. */
interface Target {
  readonly messages: number;
  readonly connection: Connection;
  readonly service: Service;
  readonly client: Client;
  /** path of a page in the middle of the list */
  readonly middle: string;
}

async function main(): Promise<void> {
  rmSync(dir, { recursive: true, force: true });
  try {
    await withServices(dir, compare);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function compare({ mysql, redis }: Services): Promise<void> {
  const targets: Target[] = [];
  try {
    for (const [index, messages] of sizes.entries()) {
      const name = `egg_im_bench_${index + 1}`;
      targets.push(await prepare(messages, `${mysql.url}/${name}`, `${redis.url}/${index}`));
    }
    await untilFlushed(targets[0].connection);
    const figures = await measure(targets);
    await explain(targets.at(-1)!);
    print(figures);
  } finally {
    for (const { service, connection } of targets) {
      await service.stop();
      connection.destroy();
    }
  }
}

async function prepare(messages: number, databaseUrl: string, redisUrl: string): Promise<Target> {
  const start = Date.now();
  await prepareDatabase(databaseUrl);
  const cast = await seed(databaseUrl, 1, shapeOf(conversations));
  const ids = cast.conversations.filter(each => each.members.includes(0)).map(each => Number(each.id));
  const connection = await createConnection({ uri: databaseUrl, timezone: 'Z' });
  await new History(connection, 1, ids, Math.round(messages / conversations)).fill();
  console.log(` ${count(messages)} messages after ${Math.round((Date.now() - start) / 1000)} s`);
  const env = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl };
  const service = new Service(await freePort(), { dir: join(dir, String(messages)), workers: 1, env });
  await service.start();
  const client = new Client(service.port, String(cast.people[0].auth.token));
  return { messages, connection, service, client, middle: await middleOf(client) };
}

/** One connection, one request at a time. */
class Client {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(
    private readonly port: number,
    private readonly token: string,
  ) {}

  ask(path: string): Promise<{ data: unknown; nextCursor?: string }> {
    const { agent, port } = this;
    const headers = { authorization: `Bearer ${this.token}` };
    return new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, path: `/api/v1${path}`, headers, agent }, response => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const body = Buffer.concat(parts).toString();
          if (response.statusCode === 200) resolve(JSON.parse(body) as { data: unknown; nextCursor?: string });
          else reject(new Error(`${path}: ${body}`));
        });
      }).on('error', reject);
    });
  }
}

async function middleOf(client: Client): Promise<string> {
  let path = first;
  for (let page = 0; page < conversations / LIMIT / 2; page++) {
    const { data, nextCursor } = await client.ask(path);
    if ((data as unknown[]).length !== LIMIT) throw new Error(`${path}: not a full page`);
    path = `${first}&cursor=${nextCursor}`;
  }
  return path;
}

/** The targets take turns at every request, so that what else the machine does falls on all of them. */
async function measure(targets: readonly Target[]): Promise<Figures[]> {
  const [{ client }] = targets;
  const { data } = (await client.ask(`/conversations?limit=200`)) as { data: { id: string }[] };
  const calls: [string, (target: Target, index: number) => string][] = [
    [`GET ${first}, first page`, () => first],
    ['the same, middle page', ({ middle }) => middle],
    ['GET /unread', () => '/unread'],
    ['GET /conversations/:id', (_target, index) => `/conversations/${data[(index * 37) % data.length].id}`],
  ];
  const figures: Figures[] = [];
  for (const [call, pathOf] of calls) {
    const times = new Map<Target, number[]>(targets.map(target => [target, []]));
    for (let index = -WARM_UP; index < requests; index++) {
      for (const target of targets) {
        const start = performance.now();
        await target.client.ask(pathOf(target, Math.abs(index)));
        if (index >= 0) times.get(target)!.push(performance.now() - start);
      }
    }
    for (const target of targets) {
      const rows = await rowsOf(target, index => pathOf(target, index));
      figures.push({ call, messages: target.messages, ...percentilesOf(times.get(target)!), rows });
    }
  }
  return figures;
}

async function rowsOf({ client, connection }: Target, pathOf: (index: number) => string): Promise<number> {
  const before = await rowsRead(connection);
  for (let index = 0; index < COUNTED; index++) await client.ask(pathOf(index));
  return ((await rowsRead(connection)) - before) / COUNTED;
}

async function rowsRead(connection: Connection): Promise<number> {
  const [rows] = await connection.query("SHOW GLOBAL STATUS LIKE 'Handler_read%'");
  return (rows as { Value: string }[]).reduce((sum, row) => sum + Number(row.Value), 0);
}

/** How the database goes about the statements of a first page, as the service sends them. */
async function explain({ client, connection }: Target): Promise<void> {
  await connection.query("SET GLOBAL log_output = 'TABLE'");
  await connection.query('TRUNCATE mysql.general_log');
  await connection.query('SET GLOBAL general_log = 1');
  await client.ask(first);
  await connection.query('SET GLOBAL general_log = 0');
  const [rows] = await connection.query(
    `SELECT CONVERT(argument USING utf8mb4) AS statement FROM mysql.general_log
     WHERE argument LIKE '%conversation%' AND command_type <> 'Prepare'`,
  );
  for (const { statement } of rows as { statement: string }[]) {
    if (!/^\(?SELECT/.test(statement)) continue;
    console.log(`\n${statement.replace(/\s+/g, ' ').slice(0, 200)} …`);
    // Named, because MySQL 9 would answer with a tree.
    const [plan] = await connection.query(`EXPLAIN FORMAT=TRADITIONAL ${statement}`);
    console.table(
      (plan as Record<string, unknown>[]).map(({ table, type, key, rows: looked, Extra }) => {
        return { table, type, key, rows: looked, Extra };
      }),
    );
  }
}

const count = (value: number) => value.toLocaleString('en');

function print(figures: readonly Figures[]): void {
  console.log(
    `\n| call, ${count(conversations)} conversations | messages | p50 ms | p95 ms | p99 ms | rows looked at |`,
  );
  console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
  for (const { call, messages, p50, p95, p99, rows } of figures) {
    const times = [p50, p95, p99].map(each => each.toFixed(1)).join(' | ');
    console.log(`| ${call} | ${count(messages)} | ${times} | ${count(Math.round(rows))} |`);
  }
  const load = loadavg().map(each => each.toFixed(1));
  console.log(`\n${cpus().length} × ${cpus()[0].model}, Node ${process.version}, load ${load.join(' ')}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
