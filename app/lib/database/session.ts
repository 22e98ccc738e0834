import type { Results, Select } from './statement';

/**
 * Runs statements in order, inside the caller's transaction; one result for each. Those of `before` go first, in the same
 * round trip where the driver can, and nobody looks at their results.
 */
export type Query = <const S extends readonly string[]>(
  statements: S,
  before?: readonly string[],
) => Promise<Results<S>>;

/** Runs the last statements of the transaction, and `selects`, of which it returns the results, and commits. */
export type Commit = <const S extends readonly string[] = []>(
  statements: readonly string[],
  selects?: S,
) => Promise<Results<S>>;

/** Runs one SELECT. */
export type Read = <Row>(statement: Select<Row>) => Promise<Row[]>;

/** A transaction under way, over either driver: what writes through it does not know which. */
export interface Session {
  readonly query: Query;
  readonly commit: Commit;
}

/** Runs `work` once in a new transaction, and rolls it back when `work` throws. */
export type Begin<S extends Session> = <T>(work: (session: S) => Promise<T>) => Promise<T>;
