import type { Shape } from './cast';

/** A load: who there is, and how they write. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly shape: Shape;
  /** Messages under way at once, in all. */
  readonly inFlight: number;
  /** Milliseconds from one message of a sender to the next, at least. Default: none, the next one follows the ack. */
  readonly paceMs?: number;
}

const all = (length: number) => Array.from({ length }, (_, index) => index);

const pairs: Shape = {
  people: 400,
  conversations: all(200).map(pair => ({ type: 'single', members: [pair * 2, pair * 2 + 1] })),
};
const groupOf = (members: number): Shape => ({
  people: members,
  conversations: [{ type: 'group', members: all(members) }],
});

/** Saturated, as services are compared, and one at a time, as people write. */
export const scenarios: readonly Scenario[] = [
  { name: 'pairs', title: 'one-to-one', shape: pairs, inFlight: 800 },
  { name: 'group-100', title: 'group of 100', shape: groupOf(100), inFlight: 100 },
  { name: 'group-1000', title: 'group of 1,000', shape: groupOf(1000), inFlight: 50 },
  { name: 'pairs-calm', title: '200 pairs, 1/s each', shape: pairs, inFlight: 200, paceMs: 1000 },
  { name: 'group-100-calm', title: 'group of 100, one by one', shape: groupOf(100), inFlight: 1 },
  { name: 'group-1000-calm', title: 'group of 1,000, one by one', shape: groupOf(1000), inFlight: 1 },
];

/** Whether people write one message at a time, and do not fill what the service can do. */
export const isCalm = ({ inFlight, paceMs }: Scenario): boolean => inFlight === 1 || paceMs !== undefined;
