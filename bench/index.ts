import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { draw } from './chart';
import { option, root, withServices, type Services } from './parts';
import { cpuRatiosOf, printCpu, printResults, printTurn, resultsOf, type Turn } from './report';
import { BuiltService, Checkout, Relay, type Scenario, type Target } from './targets';

/*
 * Drives the built service and a bare in-memory Socket.IO relay with the same load, in turns on the same machine, and
 * compares them. `npm run bench [-- --only=pairs --rounds=1 --seconds=5]`.
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
const rounds = Number(option('rounds', '3'));
const seconds = Number(option('seconds', '8'));
const times = { warmUpMs: 3000, measureMs: seconds * 1000 };
const dir = join(root, '.local/bench');

async function measure(services: Services): Promise<void> {
  const checkout = await Checkout.prepare(services);
  const built = [1, 2].map(workers => new BuiltService(checkout, workers, dir));

  const turns: Turn[] = [];
  for (const scenario of scenarios.filter(each => !only || each.name === only)) {
    await checkout.seed(scenario);
    for (let round = 1; round <= rounds; round++) turns.push(...(await turnsOf(round, scenario, built)));
  }
  save(turns);
}

/** The targets take turns, so that what else the machine does falls on all of them; each goes first as often as last. */
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

function save(turns: readonly Turn[]): void {
  const results = resultsOf(turns);
  printResults(results);
  printCpu(results);
  const machine = `${cpus().length} × ${cpus()[0].model}, Node ${process.version}`;
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
