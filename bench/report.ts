import type { Figures } from './load';

/** One of the targets in one round of a scenario. */
export interface Turn {
  readonly scenario: string;
  readonly target: string;
  readonly round: number;
  readonly figures: Figures;
  /** CPU time of one part for a message against that of another in the same round, by `worker ÷ MySQL` and the like. */
  readonly cpuRatios: Readonly<Record<string, number>>;
}

/** What the rounds of a target in a scenario come to. */
export interface Result {
  readonly scenario: string;
  readonly target: string;
  /** of the median round */
  readonly figures: Figures;
  /** acked/s against the relay's */
  readonly ratio: number;
  /** medians of the rounds, each by itself */
  readonly cpu: Readonly<Record<string, number>>;
  readonly cpuRatios: Readonly<Record<string, number>>;
}

const PARTS = ['worker', 'master', 'MySQL', 'Redis', 'relay', 'load'];
const RATIOS = ['worker ÷ MySQL', 'worker ÷ relay', 'MySQL ÷ relay'];

/** The machine's speed changes within minutes: what it does to both parts of one round cancels out. */
export function cpuRatiosOf(figures: Figures, relay: Figures): Record<string, number> {
  const cpu: Readonly<Record<string, number | undefined>> = { ...relay.cpu, ...figures.cpu };
  const ratios = RATIOS.flatMap(name => {
    const [part, other] = name.split(' ÷ ').map(each => cpu[each]);
    return part !== undefined && other !== undefined ? [[name, part / other] as const] : [];
  });
  return Object.fromEntries(ratios);
}

export function resultsOf(turns: readonly Turn[]): Result[] {
  const groups = new Map<string, Turn[]>();
  for (const turn of turns) {
    const key = `${turn.scenario}: ${turn.target}`;
    groups.set(key, [...(groups.get(key) ?? []), turn]);
  }
  const results = [...groups.values()].map(own => {
    const [{ scenario, target }] = own;
    const figures = own.map(turn => turn.figures).sort((a, b) => a.ackedPerSecond - b.ackedPerSecond)[own.length >> 1];
    const cpu = mediansOf(own.map(turn => turn.figures.cpu));
    return { scenario, target, figures, cpu, cpuRatios: mediansOf(own.map(turn => turn.cpuRatios)) };
  });
  return results.map(result => {
    // The relay has the first turn of each round.
    const relay = results.find(each => each.scenario === result.scenario)!;
    return { ...result, ratio: result.figures.ackedPerSecond / relay.figures.ackedPerSecond };
  });
}

function mediansOf(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  return Object.fromEntries(Object.keys(records[0]).map(name => [name, median(records.map(each => each[name]))]));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

export function printTurn({ scenario, target, round, figures, cpuRatios }: Turn): void {
  print(`${scenario}, round ${round}`, target, figures);
  const times = Object.entries(figures.cpu).map(([part, time]) => `${part} ${time.toFixed(1)}`);
  const ratios = Object.entries(cpuRatios).map(([name, ratio]) => `${name} ${ratio.toFixed(3)}`);
  if (times.length > 0) console.log(`${' '.repeat(25)}µs of CPU a message: ${[...times, ...ratios].join('   ')}`);
}

export function printResults(results: readonly Result[]): void {
  console.log();
  for (const { scenario, target, figures, ratio } of results)
    print(`${scenario} ${ratio.toFixed(2)}×`, target, figures);
}

function print(scenario: string, target: string, figures: Figures): void {
  const { ackedPerSecond, deliveredPerSecond, refused, latency } = figures;
  const rates = `${padded(ackedPerSecond, 7)} acked/s ${padded(deliveredPerSecond, 8)} delivered/s`;
  const { p50, p95, p99 } = latency;
  const times = `p50 ${p50.toFixed(0)} p95 ${p95.toFixed(0)} p99 ${p99.toFixed(0)} ms`;
  console.log(`${scenario.padEnd(24)} ${target.padEnd(18)} ${rates}   ${times}   ${refused} refused`);
}

const padded = (value: number, width: number) => value.toFixed(0).padStart(width);

/**
 * The CPU time of each part for a message, a row for each result. `pairs` are titles of targets: of each, one more row says
 * how the first one's ratios are to those of the second.
 */
export function printCpu(results: readonly Result[], pairs: readonly (readonly [string, string])[]): void {
  const measured = results.filter(({ cpu }) => Object.keys(cpu).length > 0);
  if (measured.length === 0) return;
  const cells = (record: Readonly<Record<string, number | undefined>>, names: readonly string[], digits: number) =>
    names.map(name => record[name]?.toFixed(digits) ?? '');
  const rows = measured.map(({ scenario, target, figures, cpu, cpuRatios }) => {
    const { acked, delivered } = figures;
    const perDelivery = ('worker' in cpu ? cpu.worker : cpu.relay) * (acked / delivered);
    return [scenario, target, ...cells(cpu, PARTS, 1), perDelivery.toFixed(2), ...cells(cpuRatios, RATIOS, 3)];
  });
  for (const scenario of new Set(measured.map(each => each.scenario))) {
    for (const [after, before] of pairs) {
      const [one, other] = [after, before].map(
        title => measured.find(each => each.scenario === scenario && each.target === title)!.cpuRatios,
      );
      const changes = Object.fromEntries(RATIOS.map(name => [name, one[name] / other[name]]));
      rows.push([scenario, `${after} ÷ ${before}`, ...PARTS.map(() => ''), '', ...cells(changes, RATIOS, 3)]);
    }
  }
  console.log(
    '\nMicroseconds of CPU for an acked message, of a worker or the relay also for a delivery; medians of the rounds',
  );
  printTable([['', '', ...PARTS, 'a delivery', ...RATIOS], ...rows]);
}

function printTable(rows: readonly (readonly string[])[]): void {
  const [head, ...body] = rows;
  const widths = head.map((_, column) => Math.max(3, ...rows.map(row => row[column].length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => (column < 2 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join(' | ')} |`;
  const rule = widths.map((width, column) => '-'.repeat(column < 2 ? width : width - 1) + (column < 2 ? '' : ':'));
  for (const row of [head, rule, ...body]) console.log(line(row));
}
