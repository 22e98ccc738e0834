import { RATIOS, type Change, type Figures, type Result, type Turn } from './figures';

const PARTS = ['worker', 'master', 'MySQL', 'Redis', 'relay', 'load'];

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
  const times = `p50 ${p50.toFixed(1)} p95 ${p95.toFixed(1)} p99 ${p99.toFixed(1)} ms`;
  console.log(`${scenario.padEnd(24)} ${target.padEnd(18)} ${rates}   ${times}   ${refused} refused`);
}

const padded = (value: number, width: number) => value.toFixed(0).padStart(width);

/** The CPU time of each part for a message, a row for each result, and how it is to that of another state of the service. */
export function printCpu(results: readonly Result[], changes: readonly Change[]): void {
  const measured = results.filter(({ cpu }) => Object.keys(cpu).length > 0);
  if (measured.length === 0) return;
  const cells = (record: Readonly<Record<string, number | undefined>>, names: readonly string[], digits: number) =>
    names.map(name => record[name]?.toFixed(digits) ?? '');
  const rows = measured.map(({ scenario, target, figures, cpu, cpuRatios }) => {
    const { acked, delivered } = figures;
    const perDelivery = ('worker' in cpu ? cpu.worker : cpu.relay) * (acked / delivered);
    return [scenario, target, ...cells(cpu, PARTS, 1), perDelivery.toFixed(2), ...cells(cpuRatios, RATIOS, 3)];
  });
  const comparisons = changes.map(({ scenario, target, cpu, cpuRatios }) => {
    return [scenario, target, ...cells(cpu, PARTS, 3), '', ...cells(cpuRatios, RATIOS, 3)];
  });
  console.log(
    '\nMicroseconds of CPU for an acked message, of a worker or the relay also for a delivery; medians of the rounds',
  );
  printTable([['', '', ...PARTS, 'a delivery', ...RATIOS], ...rows, ...comparisons]);
}

function printTable(rows: readonly (readonly string[])[]): void {
  const [head, ...body] = rows;
  const widths = head.map((_, column) => Math.max(3, ...rows.map(row => row[column].length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => (column < 2 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join(' | ')} |`;
  const rule = widths.map((width, column) => '-'.repeat(column < 2 ? width : width - 1) + (column < 2 ? '' : ':'));
  for (const row of [head, rule, ...body]) console.log(line(row));
}
