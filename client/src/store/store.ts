import type { Tables } from './tables.js';

export type Key = readonly (string | number)[];
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

export interface Reading {
  get<T extends TableName>(table: T, key: Key): Promise<Tables[T] | undefined>;
  list<T extends TableName>(table: T, range?: Range): Promise<Tables[T][]>;
}

export interface Writing extends Reading {
  put<T extends TableName>(table: T, key: Key, row: Tables[T]): Promise<void>;
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
  read<T>(work: (t: Reading) => Promise<T>): Promise<T>;
  /** All of what `work` does, or nothing when it throws; one at a time, also among tabs. */
  write<T>(work: (t: Writing) => Promise<T>): Promise<T>;
  /** Lets go of it when what is under way is done. */
  close(): void | Promise<void>;
}

/** Opens the store of that name, which is there the next time, too. */
export type OpenStore = (name: string) => Promise<Store>;
