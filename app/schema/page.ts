import type { OrJson } from './json';

/** A page of a list: what a service gives, and a call that is `paged` answers with. */
export interface Page<T> {
  readonly items: readonly OrJson<T>[];
  /** Where the next page begins; absent on the last. */
  readonly nextCursor?: string;
}

/** The page of `items`, which are made of `rows`, one of each. A full one has a cursor: the place of its last row. */
export function pageOf<T, R>(
  items: readonly OrJson<T>[],
  rows: readonly R[],
  limit: number,
  cursorOf: (last: R) => string,
): Page<T> {
  const last = rows.at(-1);
  return { items, ...(last && rows.length === limit && { nextCursor: cursorOf(last) }) };
}
