import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { seed, type Shape } from './cast';
import { draw } from './chart';
import type { Cast, Figures } from './load';
import { forkFile, freePort, load, option, prepareDatabase, root, withServices, type Services } from './parts';
import { Service } from './service';

/*
 * Drives the built service and a bare in-memory Socket.IO relay with the same load, in turns on the same machine, and
 * compares them. `npm run bench [-- --only=pairs --rounds=1 --seconds=5]`.
 */

interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly shape: Shape;
  readonly inFlight: number;
}

const all = (length: number) => Array.from({ length }, (_, index) => index);

const scenarios: Scenario[] = [
  {
    name: 'pairs',
    title: 'one-to-one',
    shape: {
      people: 400,
      conversations: all(200).map(pair => ({ type: 'single', members: [pair * 2, pair * 2 + 1] })),
    },
    inFlight: 800,
  },
  {
    name: 'group-100',
    title: 'group of 100',
    shape: { people: 100, conversations: [{ type: 'group', members: all(100) }] },
    inFlight: 100,
  },
  {
    name: 'group-1000',
    title: 'group of 1,000',
    shape: { people: 1000, conversations: [{ type: 'group', members: all(1000) }] },
    inFlight: 50,
  },
];

type Target = 'relay' | 1 | 2;
const targets: Target[] = ['relay', 1, 2];
const titles: Record<Target, string> = { relay: 'bare relay', 1: 'egg-im, 1 worker', 2: 'egg-im, 2 workers' };

export interface Result {
  readonly scenario: string;
  readonly target: string;
  readonly figures: Figures;
  /** acked/s against the relay's */
  readonly ratio: number;
}

const rounds = Number(option('rounds', '3'));
const seconds = Number(option('seconds', '8'));
const only = option('only', '');
const times = { warmUpMs: 3000, measureMs: seconds * 1000 };
const dir = join(root, '.local/bench');

async function main({ mysql, redis }: Services): Promise<void> {
  const results: Result[] = [];
  const env = { DATABASE_URL: `${mysql.url}/egg_im_bench`, REDIS_URL: `${redis.url}/0` };
  await prepareDatabase(env.DATABASE_URL);
  let firstId = 1;
  for (const scenario of scenarios.filter(each => !only || each.name === only)) {
    const cast = await seed(env.DATABASE_URL, firstId, scenario.shape);
    firstId += 1_000_000;
    results.push(...(await compare(scenario, cast, env)));
  }
  save(results);
}

/** The targets take turns, so that what else the machine does falls on all of them; the median round counts. */
async function compare(scenario: Scenario, cast: Cast, env: Record<string, string>): Promise<Result[]> {
  const measured = new Map<Target, Figures[]>(targets.map(target => [target, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const target of targets) {
      const figures = target === 'relay' ? await onRelay(scenario, cast) : await onService(scenario, cast, target, env);
      measured.get(target)!.push(figures);
      print(`${scenario.title}, round ${round}`, titles[target], figures);
    }
  }
  const median = (target: Target) =>
    measured.get(target)!.sort((a, b) => a.ackedPerSecond - b.ackedPerSecond)[Math.floor(rounds / 2)];
  const relay = median('relay').ackedPerSecond;
  return targets.map(target => {
    const figures = median(target);
    return { scenario: scenario.title, target: titles[target], figures, ratio: figures.ackedPerSecond / relay };
  });
}

async function onRelay({ inFlight }: Scenario, cast: Cast): Promise<Figures> {
  const port = await freePort();
  const relay = forkFile('relay.ts', { PORT: String(port) });
  await once(relay, 'message');
  const rooms = cast.people.map((_, place) => {
    const conversationIds = cast.conversations.filter(each => each.members.includes(place)).map(each => each.id);
    return { auth: { conversationIds } };
  });
  try {
    return await load({ port, cast: { ...cast, people: rooms }, inFlight, ...times, acknowledge: false });
  } finally {
    relay.kill();
  }
}

async function onService(
  { inFlight }: Scenario,
  cast: Cast,
  workers: 1 | 2,
  env: Record<string, string>,
): Promise<Figures> {
  const port = await freePort();
  const service = new Service(port, { dir, workers, env });
  await service.start();
  try {
    return await load({ port, cast, inFlight, ...times, acknowledge: true });
  } finally {
    await service.stop();
  }
}

function print(
  scenario: string,
  target: string,
  { ackedPerSecond, deliveredPerSecond, refused, latency }: Figures,
): void {
  const { p50, p95, p99 } = latency;
  const acked = `${ackedPerSecond.toFixed(0).padStart(7)} acked/s`;
  const delivered = `${deliveredPerSecond.toFixed(0).padStart(8)} delivered/s`;
  const milliseconds = `p50 ${p50.toFixed(0)} p95 ${p95.toFixed(0)} p99 ${p99.toFixed(0)} ms`;
  console.log(
    `${scenario.padEnd(24)} ${target.padEnd(18)} ${acked} ${delivered}   ${milliseconds}   ${refused} refused`,
  );
}

function save(results: readonly Result[]): void {
  console.log();
  for (const { scenario, target, figures, ratio } of results)
    print(`${scenario} ${ratio.toFixed(2)}×`, target, figures);
  const machine = `${cpus().length} × ${cpus()[0].model}, Node ${process.version}`;
  const file = join(dir, 'bench.json');
  writeFileSync(file, JSON.stringify({ at: new Date().toISOString(), machine, rounds, seconds, results }, null, 2));
  writeFileSync(join(dir, 'bench.svg'), draw(results, machine));
  console.log(`\n${file} and bench.svg beside it hold the figures.`);
}

withServices(dir, main).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
