import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { draw } from './chart';
import { option, root, withServices, type Services } from './parts';
import { cpuRatiosOf, printCpu, printResults, printTurn, resultsOf, type Turn } from './report';
import { BuiltService, Checkout, Relay, type Scenario, type Target } from './targets';

/*
 * Drives the built service and a bare in-memory Socket.IO relay with the same load, in turns on the same machine, and
 * compares them. `npm run bench [-- --only=pairs --rounds=1 --seconds=5 --workers=1,2 --node=DIRECTORY]`;
 * with `--against=CHECKOUT` the service that is built there has its turns as well.
 */

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

const only = option('only', '');
const against = option('against', '');
const rounds = Number(option('rounds', '3'));
const seconds = Number(option('seconds', '8'));
const workers = option('workers', against ? '1' : '1,2')
  .split(',')
  .map(Number);
const times = { warmUpMs: 3000, measureMs: seconds * 1000 };
const dir = join(root, '.local/bench');

async function measure(services: Services): Promise<void> {
  const paths = [root, ...(against ? [resolve(against)] : [])];
  const checkouts: Checkout[] = [];
  for (const [index, path] of paths.entries()) checkouts.push(await Checkout.prepare(path, index, services));
  const built = workers.flatMap(each => checkouts.map(checkout => new BuiltService(checkout, each, dir)));

  const turns: Turn[] = [];
  for (const scenario of scenarios.filter(each => !only || each.name === only)) {
    for (const checkout of checkouts) await checkout.seed(scenario);
    for (let round = 1; round <= rounds; round++) turns.push(...(await turnsOf(round, scenario, built)));
  }
  const pairs = against ? workers.map((_, index) => [built[index * 2].title, built[index * 2 + 1].title] as const) : [];
  save(turns, pairs);
}

/** In turns, so that what else the machine does falls on all of them; each service goes first as often as last. */
async function turnsOf(round: number, scenario: Scenario, built: readonly Target[]): Promise<Turn[]> {
  const turns: Turn[] = [];
  for (const target of [new Relay(), ...(round % 2 ? built : [...built].reverse())]) {
    const figures = await target.drive(scenario, times);
    const relay = turns.at(0)?.figures ?? figures;
    const cpuRatios = cpuRatiosOf(figures, relay);
    const turn = { scenario: scenario.title, target: target.title, round, figures, cpuRatios };
    turns.push(turn);
    printTurn(turn);
  }
  return turns;
}

function save(turns: readonly Turn[], pairs: readonly (readonly [string, string])[]): void {
  const results = resultsOf(turns);
  printResults(results);
  printCpu(results, pairs);
  const node = execFileSync('node', ['--version'], { encoding: 'utf8' }).trim();
  const machine = `${cpus().length} × ${cpus()[0].model}, Node ${node}`;
  const report = { at: new Date().toISOString(), machine, rounds, seconds, results, turns };
  const file = join(dir, 'bench.json');
  writeFileSync(file, JSON.stringify(report, null, 2));
  writeFileSync(join(dir, 'bench.svg'), draw(results, machine));
  console.log(`\n${file} and bench.svg beside it hold the figures.`);
}

withServices(dir, measure).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
