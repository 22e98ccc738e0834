import { createConnection, type Connection } from 'mysql2/promise';
import { join, resolve } from 'node:path';
import { Counting, type Counters } from './costs/counters';
import { People } from './costs/people';
import { RoundTrips } from './costs/round_trips';
import { freePort, option, root, withServices, type Services } from './parts';
import { scenarios, type Scenario } from './scenarios';
import { Service } from './service';
import { Checkout } from './targets';

/*
 * What one message, and one acknowledgement of a device, cost MySQL: round trips, statements, rows, bytes and CPU time, by its own
 * counters. Messages are written one at a time, acknowledged by all members at once. `npm run bench:costs [-- --messages=1000
 * --acks=8000 --checkout=DIR]`; with `--checkout` of the service that is built there.
 */

const messages = Number(option('messages', '1000'));
const acks = Number(option('acks', '8000'));
const dir = join(root, '.local/bench-costs');
/** The scenario whose people write, what its messages are called, and by how much fewer of them there are. */
const KINDS = [
  ['pairs-calm', 'one-to-one', 1],
  ['group-100-calm', 'group of 100', 2],
  ['group-1000-calm', 'group of 1,000', 5],
] as const;
/** Members of a conversation who write, at most. */
const SPEAKERS = 4;
/** Users beside those who write: in a small table MySQL looks at all rows, where in a large one it takes the key. */
const OTHERS = 20_000;
/** Counters that moved less than this say nothing. */
const LEAST = 0.005;

interface Column {
  readonly title: string;
  readonly costs: Counters;
}

async function main({ mysql, redis }: Services): Promise<void> {
  const { trips, url } = await RoundTrips.before(mysql.url);
  const connection = await createConnection({ uri: mysql.url });
  try {
    const checkout = await Checkout.prepare(resolve(option('checkout', root)), 0, { mysql: { url }, redis });
    const columns: Column[] = [];
    for (const [name, title, fewer] of KINDS) {
      const scenario = scenarios.find(each => each.name === name)!;
      await checkout.seed(scenario, Math.ceil(OTHERS / scenario.shape.people));
      await befriend(connection, checkout, scenario);
      const counting = (worker: readonly number[]) =>
        new Counting(connection, { MySQL: mysql.pid ? [mysql.pid] : [], worker }, () => ({
          'round trips': trips.count,
        }));
      columns.push(...(await costsOf(checkout, scenario, title, Math.ceil(messages / fewer), counting)));
    }
    print(columns);
    await checkout.drop();
  } finally {
    connection.destroy();
    trips.stop();
  }
}

/** People who write to each other know each other: a friend is told what is delivered. */
async function befriend(connection: Connection, { env }: Checkout, { shape }: Scenario): Promise<void> {
  if (shape.conversations[0].type !== 'single') return;
  const database = new URL(env.DATABASE_URL).pathname.slice(1);
  await connection.query(
    `INSERT INTO ${database}.friend (user_id, friend_id, created_at)
     SELECT a.user_id, b.user_id, a.joined_at FROM ${database}.conversation_member a
       JOIN ${database}.conversation_member b ON b.conversation_id = a.conversation_id AND b.user_id <> a.user_id`,
  );
}

async function costsOf(
  checkout: Checkout,
  scenario: Scenario,
  title: string,
  count: number,
  countingOf: (worker: readonly number[]) => Counting,
): Promise<Column[]> {
  const { env, path } = checkout;
  const service = new Service(await freePort(), { dir, workers: 1, env, checkout: path });
  await service.start();
  try {
    const people = await People.connect(service.port, checkout.castOf(scenario));
    const counting = countingOf(service.pids().worker);
    const conversations = scenario.shape.conversations.length;
    // Everybody who writes has written in each conversation: what is cached is cached.
    await people.write(SPEAKERS * conversations, SPEAKERS);
    await people.acknowledgeAll();
    const written = await counting.costOf(() => people.write(count, SPEAKERS));
    await people.acknowledgeAll();
    const rounds = Math.ceil(acks / people.count);
    // By one alone: who has answered has read what is before that, and whether it was delivered is nobody's question then.
    await people.write(rounds * conversations, 1);
    const acknowledged = await counting.costOf(async () => {
      for (let round = 0; round < rounds; round++) await people.acknowledgeNext();
    });
    people.close();
    return [
      { title: `message, ${title}`, costs: each(written, count) },
      { title: `ack, ${title}`, costs: each(acknowledged, rounds * people.count) },
    ];
  } finally {
    await service.stop();
  }
}

const each = (costs: Counters, count: number): Counters =>
  Object.fromEntries(Object.entries(costs).map(([name, cost]) => [name, cost / count]));

function print(columns: readonly Column[]): void {
  const names = Object.keys(columns[0].costs).filter(name =>
    columns.some(({ costs }) => Math.abs(costs[name]) >= LEAST),
  );
  console.log(`\n| | ${columns.map(({ title }) => title).join(' | ')} |`);
  console.log(`| --- |${' ---: |'.repeat(columns.length)}`);
  for (const name of names) {
    const cells = columns.map(({ costs }) => costs[name].toFixed(Math.abs(costs[name]) >= 100 ? 0 : 2));
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }
}

withServices(dir, main).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
