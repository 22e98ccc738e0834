import type { Verdict } from './judge';
import type { Dice } from './dice';
import type { FuzzReport } from './report';
import type { Actor, World } from './world';

/** What is fuzzed, and how. */
export interface FuzzOptions {
  readonly url: string;
  readonly adminToken: string;
  readonly seed: number;
  readonly calls: number;
  /** After each so many calls. */
  readonly onProgress?: { readonly every: number; readonly tell: (done: number) => Promise<void> };
}

/** Who makes the calls of a lane, and with what. */
export interface Caller {
  readonly options: FuzzOptions;
  readonly world: World;
  readonly actor: Actor;
  readonly dice: Dice;
  readonly report: FuzzReport;
}

/** What is thought of an answer, with what was sent and what came. */
export type Judged = readonly [verdict: Verdict, sent: unknown, answer: unknown];
