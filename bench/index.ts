import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { draw } from './chart';
import { copiesFor, setPool } from './full';
import { option, root, withServices, type Services } from './parts';
import { changesOf, changesSince, figuresOf, resultsOf, turnsOf, type Change, type Result, type Turn } from './figures';
import type { Sample } from './load';
import { printCpu, printResults, printTurn } from './report';
import { scenarios, type Scenario } from './scenarios';
import { BuiltService, Checkout, Relay, titleOf, type Driven, type Target } from './targets';

/*
 * Drives the built service and a bare in-memory Socket.IO relay with the same load, in short turns on the same machine,
 * and compares them. `npm run bench [-- --only=pairs --rounds=1 --seconds=5 --workers=1,2 --node=DIRECTORY]`;
 * with `--against=CHECKOUT` the service that is built there has its turns as well; `--baseline=FILE` compares with an earlier bench.json.
 * With `--history=10000000` this one has them on tables, too, that hold so many one-to-one messages; `--pool=512,8192` measures all
 * of it with MySQL's buffer pool that large, in megabytes, one after the other.
 */

const history = Number(option('history', '0'));
const pools = option('pool', '').split(',').filter(Boolean).map(Number);
const only = option('only', history ? 'pairs' : '')
  .split(',')
  .filter(Boolean);
const baseline = option('baseline', '');
const against = option('against', '');
const rounds = Number(option('rounds', '3'));
const seconds = Number(option('seconds', '8'));
const workers = option('workers', against || history ? '1' : '1,2')
  .split(',')
  .map(Number);
const WARM_UP_MS = 3000;
/** Short against the minutes in which the machine's speed changes, long against the time from a message to its ack. */
const SLICE_MS = 2000;
const dir = join(root, '.local/bench');

async function measure(services: Services): Promise<void> {
  const own = await Checkout.prepare(root, 0, services);
  const checkouts = [own];
  const pairs: [Checkout, Checkout][] = [];
  if (against) {
    const other = await Checkout.prepare(resolve(against), 1, services);
    checkouts.push(other);
    pairs.push([own, other]);
  }
  if (history) {
    const full = await Checkout.prepare(root, 2, services, history);
    checkouts.push(full);
    pairs.push([full, own]);
  }
  const chosen = scenarios.filter(each => only.length === 0 || only.includes(each.name));
  try {
    for (const scenario of chosen) {
      // As many people and conversations everywhere: where there are but those of the load, their rows share a few pages.
      const copies = copiesFor(scenario.shape, history);
      for (const checkout of checkouts) await checkout.seed(scenario, copies);
    }
    if (pools.length === 0) await compare(chosen, checkouts, pairs);
    for (const pool of pools) {
      await setPool(services.mysql.url, pool);
      console.log(`\nMySQL's buffer pool: ${pool} MB`);
      await compare(chosen, checkouts, pairs);
    }
  } finally {
    for (const checkout of checkouts) await checkout.drop();
  }
}

/** `pairs`: whose CPU time is to be said against whose. */
async function compare(
  chosen: readonly Scenario[],
  checkouts: readonly Checkout[],
  pairs: readonly [Checkout, Checkout][],
): Promise<void> {
  const built = workers.flatMap(each => checkouts.map(checkout => new BuiltService(checkout, each, dir)));
  const turns: Turn[] = [];
  for (const scenario of chosen) {
    for (let round = 1; round <= rounds; round++) {
      const own = await roundOf(round, scenario, [new Relay(), ...built]);
      own.forEach(printTurn);
      turns.push(...own);
    }
  }
  const titles = workers.flatMap(each =>
    pairs.map(([one, other]) => [titleOf(one, each), titleOf(other, each)] as const),
  );
  save(turns, titles);
}

/**
 * Starts all targets, and gives each the load for a short while, over and over, the others waiting: what else the machine
 * does falls on all of them alike.
 */
async function roundOf(round: number, scenario: Scenario, targets: readonly Target[]): Promise<Turn[]> {
  const opened: { target: Target; driven: Driven; samples: Sample[] }[] = [];
  try {
    for (const target of targets) {
      const driven = await target.open(scenario);
      opened.push({ target, driven, samples: [] });
      await driven.run(WARM_UP_MS);
    }
    for (let slice = 0; slice * SLICE_MS < seconds * 1000; slice++) {
      for (const { driven, samples } of shifted(opened, slice)) samples.push(await driven.run(SLICE_MS));
    }
  } finally {
    for (const { driven } of opened) await driven.close();
  }
  return turnsOf(
    scenario.title,
    round,
    opened.map(({ target, samples }) => ({ target: target.title, figures: figuresOf(samples) })),
  );
}

/** Each comes first in turn, and the order is turned round each time, so that nobody always follows the same. */
function shifted<T>(list: readonly T[], by: number): T[] {
  const start = by % list.length;
  const order = [...list.slice(start), ...list.slice(0, start)];
  return by % 2 ? order.reverse() : order;
}

/** Against an earlier run: machines differ, so that only what is divided by another part's time in the same round says something. */
function sinceBaseline(results: readonly Result[]): Change[] {
  if (!baseline) return [];
  const { results: earlier } = JSON.parse(readFileSync(baseline, 'utf8')) as { results: readonly Result[] };
  return changesSince(results, earlier);
}

function save(turns: readonly Turn[], pairs: readonly (readonly [string, string])[]): void {
  const results = resultsOf(turns);
  const changes = [...pairs.flatMap(pair => changesOf(turns, pair)), ...sinceBaseline(results)];
  printResults(results);
  printCpu(results, changes);
  const node = execFileSync('node', ['--version'], { encoding: 'utf8' }).trim();
  const machine = `${cpus().length} × ${cpus()[0].model}, Node ${node}`;
  const report = { at: new Date().toISOString(), machine, rounds, seconds, results, changes, turns };
  const file = join(dir, 'bench.json');
  writeFileSync(file, JSON.stringify(report, null, 2));
  writeFileSync(join(dir, 'bench.svg'), draw(results, machine));
  console.log(`\n${file} and bench.svg beside it hold the figures.`);
}

withServices(dir, measure).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
