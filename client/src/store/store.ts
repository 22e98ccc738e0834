import type { Tables } from './tables.js';

/** The parts of a key, which rows are in order of. */
export type Key = readonly (string | number)[];
/** The name of a table. */
export type TableName = keyof Tables;

/** Which rows of a table, in order of their keys; without bounds all. */
export interface Range {
  /** What their keys begin with. */
  readonly prefix?: Key;
  /** The whole key behind which they begin. */
  readonly after?: Key;
  /** The whole key before which they end. */
  readonly before?: Key;
  readonly limit?: number;
  /** From the last to the first. */
  readonly reverse?: boolean;
}

/** What a transaction that only reads can do. */
export interface Reading {
  /** The row of a key. */
  get<T extends TableName>(table: T, key: Key): Promise<Tables[T] | undefined>;
  /** Rows in order of their keys. */
  list<T extends TableName>(table: T, range?: Range): Promise<Tables[T][]>;
}

/** What a transaction that writes can do besides. */
export interface Writing extends Reading {
  /** Stores a row, in place of that which has the key. */
  put<T extends TableName>(table: T, key: Key, row: Tables[T]): Promise<void>;
  /** Removes the row of a key, if there is one. */
  remove(table: TableName, key: Key): Promise<void>;
  /** Removes all rows whose keys begin with `prefix`, without one all. */
  clear(table: TableName, prefix?: Key): Promise<void>;
}

/**
 * Where a client keeps what it knows: rows by table and key. Numbers in keys are integers, and come before strings. A row is plain
 * data, and may hold a Blob. In `work` nothing else may be awaited than what it does with `t`: IndexedDB ends a transaction
 * for which nothing is asked.
 */
export interface Store {
  /** Runs `work` on the store as it is at one moment, behind the writes that are under way, in other tabs too. */
  read<T>(work: (t: Reading) => Promise<T>): Promise<T>;
  /** All of what `work` does, or nothing when it throws; one at a time, also among tabs. */
  write<T>(work: (t: Writing) => Promise<T>): Promise<T>;
  /** Lets go of it when what is under way is done. */
  close(): void | Promise<void>;
}

/** Opens the store of that name, which is there the next time, too. */
export type OpenStore = (name: string) => Promise<Store>;
