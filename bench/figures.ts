import type { Sample } from './load';

/** What a target has done in a round. */
export interface Figures {
  readonly acked: number;
  readonly delivered: number;
  readonly refused: number;
  readonly ackedPerSecond: number;
  readonly deliveredPerSecond: number;
  /** Milliseconds from sending to the ack. */
  readonly latency: Percentiles;
  /** Microseconds of CPU time of each part for one acked message; empty but on Linux. */
  readonly cpu: Quantities;
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

type Quantities = Readonly<Record<string, number>>;

/** One of the targets in one round of a scenario. */
export interface Turn {
  readonly scenario: string;
  readonly target: string;
  readonly round: number;
  readonly figures: Figures;
  /** CPU time of one part for a message against that of another in the same round, by `worker ÷ MySQL` and the like. */
  readonly cpuRatios: Quantities;
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
  readonly cpu: Quantities;
  readonly cpuRatios: Quantities;
}

/** A target's CPU time against another's, round by round: the medians of the quotients. */
export interface Change {
  readonly scenario: string;
  readonly target: string;
  readonly cpu: Quantities;
  readonly cpuRatios: Quantities;
}

export const RATIOS = ['worker ÷ MySQL', 'worker ÷ relay', 'MySQL ÷ relay'];

export function figuresOf(samples: readonly Sample[]): Figures {
  const sum = (of: (sample: Sample) => number) => samples.reduce((total, sample) => total + of(sample), 0);
  const latencies = samples.flatMap(each => each.latencies);
  const acked = latencies.length;
  const delivered = sum(each => each.delivered);
  const seconds = sum(each => each.seconds);
  return {
    acked,
    delivered,
    refused: sum(each => each.refused),
    ackedPerSecond: acked / seconds,
    deliveredPerSecond: delivered / seconds,
    latency: percentilesOf(latencies),
    cpu: mapped(samples[0].cpu, name => sum(({ cpu }) => cpu[name]) / acked),
  };
}

/** What half of them, 95 and 99 of a hundred are below; of none, `NaN`. */
export function percentilesOf(times: readonly number[]): Percentiles {
  const sorted = [...times].sort((a, b) => a - b);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map(share => sorted[Math.floor(sorted.length * share)] ?? NaN);
  return { p50, p95, p99 };
}

/** The turns of a round, the relay's among them: its speed is the measure of the others. */
export function turnsOf(
  scenario: string,
  round: number,
  driven: readonly { target: string; figures: Figures }[],
): Turn[] {
  const relay = driven.find(({ figures }) => 'relay' in figures.cpu)?.figures.cpu;
  return driven.map(({ target, figures }) => {
    const cpu: Readonly<Record<string, number | undefined>> = { ...relay, ...figures.cpu };
    const ratios = RATIOS.flatMap(name => {
      const [part, other] = name.split(' ÷ ').map(each => cpu[each]);
      return part !== undefined && other !== undefined ? [[name, part / other] as const] : [];
    });
    return { scenario, target, round, figures, cpuRatios: Object.fromEntries(ratios) };
  });
}

export function resultsOf(turns: readonly Turn[]): Result[] {
  const keyOf = (turn: Turn) => `${turn.scenario}: ${turn.target}`;
  const results = [...new Set(turns.map(keyOf))].map(key => {
    const own = turns.filter(turn => keyOf(turn) === key);
    const [{ scenario, target }] = own;
    const figures = own.map(turn => turn.figures).sort((a, b) => a.ackedPerSecond - b.ackedPerSecond)[own.length >> 1];
    const cpu = mediansOf(own.map(turn => turn.figures.cpu));
    return { scenario, target, figures, cpu, cpuRatios: mediansOf(own.map(turn => turn.cpuRatios)) };
  });
  return results.map(result => {
    const relay = results.find(each => each.scenario === result.scenario)!;
    return { ...result, ratio: result.figures.ackedPerSecond / relay.figures.ackedPerSecond };
  });
}

/** How one target's CPU time is to another's, by scenario. What a round does to both cancels out in its quotient. */
export function changesOf(turns: readonly Turn[], [target, other]: readonly [string, string]): Change[] {
  return [...new Set(turns.map(each => each.scenario))].map(scenario => {
    const own = turns.filter(each => each.scenario === scenario);
    const rounds = own.flatMap(after => {
      const before = own.find(each => each.target === other && each.round === after.round);
      return after.target === target && before ? [{ after, before }] : [];
    });
    return {
      scenario,
      target: `${target} ÷ ${other}`,
      cpu: mediansOf(rounds.map(({ after, before }) => quotients(after.figures.cpu, before.figures.cpu))),
      cpuRatios: mediansOf(rounds.map(({ after, before }) => quotients(after.cpuRatios, before.cpuRatios))),
    };
  });
}

/** How targets are to what they were in an earlier run: the quotients of parts that did the same work at the same time, and no times. */
export function changesSince(results: readonly Result[], earlier: readonly Result[]): Change[] {
  return results.flatMap(({ scenario, target, cpuRatios }) => {
    const before = earlier.find(each => each.scenario === scenario && each.target === target);
    if (!before || Object.keys(cpuRatios).length === 0) return [];
    return [{ scenario, target: `${target} ÷ baseline`, cpu: {}, cpuRatios: quotients(cpuRatios, before.cpuRatios) }];
  });
}

const quotients = (one: Quantities, other: Quantities) => mapped(one, name => one[name] / other[name]);

const mediansOf = (records: readonly Quantities[]) =>
  mapped(records[0], name => median(records.map(each => each[name])));

function mapped(record: Quantities, of: (name: string) => number): Record<string, number> {
  return Object.fromEntries(Object.keys(record).map(name => [name, of(name)]));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
