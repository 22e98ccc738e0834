import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { seed, type Shape } from './cast';
import { figuresOf, type Figures } from './figures';
import type { Cast } from './load';
import { freePort, LoadGenerator, option, prepareDatabase, root, withServices, type Services } from './parts';
import { Service } from './service';

/*
 * What the purge of old messages costs those who send meanwhile: the one-to-one load of the bench against one worker, in
 * turns without the purge and with it. `npm run bench:purge [-- --rounds=2 --seconds=15 --rows=1000000]`. The service
 * begins to purge when it starts; `IM_RETENTION_DAYS` says whether.
 */

const PAIRS = 200;
const IN_FLIGHT = 800;
const WARM_UP_MS = 3000;
/** Old messages of each conversation: those of the load have some, and the others the rest. */
const OLD_EACH = 400;
const OLD_DAYS = 400;
const KEPT_DAYS = 30;

const rounds = Number(option('rounds', '2'));
const seconds = Number(option('seconds', '15'));
const oldMessages = Number(option('rows', '1000000'));
const dir = join(root, '.local/bench');

const pairs = (howMany: number): Shape => ({
  people: howMany * 2,
  conversations: Array.from({ length: howMany }, (_, pair) => ({ type: 'single', members: [pair * 2, pair * 2 + 1] })),
});

interface Turn {
  readonly figures: Figures;
  /** Old messages taken away in a second of the load. */
  readonly purgedPerSecond: number;
}

async function main({ mysql, redis }: Services): Promise<void> {
  const env = { DATABASE_URL: `${mysql.url}/egg_im_purge`, REDIS_URL: `${redis.url}/0` };
  await prepareDatabase(env.DATABASE_URL);
  const cast = await seed(env.DATABASE_URL, 1, pairs(PAIRS));
  const others = await seed(env.DATABASE_URL, 1_000_000, pairs(Math.max(0, oldMessages / OLD_EACH - PAIRS)));
  const database = await createConnection({ uri: env.DATABASE_URL, timezone: 'Z' });
  try {
    for (const { id } of [...cast.conversations, ...others.conversations]) await fill(database, Number(id));
    await compare(cast, env, database);
  } finally {
    database.destroy();
  }
}

/** Puts old messages into a conversation, all read. */
async function fill(database: Connection, id: number): Promise<void> {
  const sentAt = new Date(Date.now() - OLD_DAYS * 86_400_000);
  const content = JSON.stringify({ text: 'The quick brown fox jumps over the lazy dog.' });
  const rows = Array.from({ length: OLD_EACH }, (_, index) => {
    return [id, index + 1, index + 1, id, 0, randomUUID(), 'text', content, sentAt];
  });
  await database.query(
    `INSERT INTO message
       (conversation_id, seq, count, sender_id, sync_seq, client_msg_id, type, content, sent_at) VALUES ?`,
    [rows],
  );
  await database.query('UPDATE conversation SET last_seq = ?, count = ?, last_at = ? WHERE id = ?', [
    OLD_EACH,
    OLD_EACH,
    sentAt,
    id,
  ]);
  await database.query('UPDATE conversation_member SET read_seq = ?, read_count = ? WHERE conversation_id = ?', [
    OLD_EACH,
    OLD_EACH,
    id,
  ]);
}

/** In turns, so that what else the machine does falls on both; the means count. */
async function compare(cast: Cast, env: Record<string, string>, database: Connection): Promise<void> {
  const turns: Record<'without' | 'with', Turn[]> = { without: [], with: [] };
  for (let round = 1; round <= rounds; round++) {
    const names = ['without', 'with'] as const;
    // Each goes first as often as the other: the second finds the database warmer.
    for (const name of round % 2 ? names : [...names].reverse()) {
      const turn = await measure(
        cast,
        { ...env, IM_RETENTION_DAYS: name === 'with' ? String(KEPT_DAYS) : '0' },
        database,
      );
      turns[name].push(turn);
      print(`round ${round}, ${name} the purge`, turn);
    }
  }
  const mean = (list: readonly Turn[], of: (turn: Turn) => number) =>
    list.reduce((sum, turn) => sum + of(turn), 0) / list.length;
  const [without, together] = [turns.without, turns.with].map(list => mean(list, turn => turn.figures.ackedPerSecond));
  const purged = mean(turns.with, turn => turn.purgedPerSecond);
  const ratio = (together / without).toFixed(2);
  console.log(`\n${without.toFixed(0)} acked/s without the purge, ${together.toFixed(0)} with it: ${ratio}×`);
  console.log(`${purged.toFixed(0)} rows/s are purged meanwhile`);
  if ((await countOld(database)) === 0) throw new Error('the purge was done before the load: more --rows are needed');
}

async function measure(cast: Cast, env: Record<string, string>, database: Connection): Promise<Turn> {
  const port = await freePort();
  const service = new Service(port, { dir, workers: 1, env });
  await service.start();
  try {
    const before = await countOld(database);
    const began = performance.now();
    const order = { port, cast, inFlight: IN_FLIGHT, acknowledge: true };
    const generator = await LoadGenerator.start(order);
    await generator.run(WARM_UP_MS);
    const figures = figuresOf([await generator.run(seconds * 1000)]);
    generator.stop();
    const after = await countOld(database);
    return { figures, purgedPerSecond: ((before - after) / (performance.now() - began)) * 1000 };
  } finally {
    await service.stop();
  }
}

async function countOld(database: Connection): Promise<number> {
  const [[row]] = await database.query<RowDataPacket[]>(
    `SELECT COUNT(*) AS n FROM message WHERE sent_at < NOW() - INTERVAL ${KEPT_DAYS} DAY`,
  );
  return Number(row.n);
}

function print(title: string, { figures, purgedPerSecond }: Turn): void {
  const { ackedPerSecond, refused, latency } = figures;
  const { p50, p95, p99 } = latency;
  const times = `p50 ${p50.toFixed(0)} p95 ${p95.toFixed(0)} p99 ${p99.toFixed(0)} ms`;
  const purged = `${purgedPerSecond.toFixed(0).padStart(6)} rows/s purged`;
  const acked = `${ackedPerSecond.toFixed(0).padStart(7)} acked/s`;
  console.log(`${title.padEnd(28)} ${acked}   ${times}   ${refused} refused   ${purged}`);
}

withServices(dir, main).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
