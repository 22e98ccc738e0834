import { invalidInput } from './errors';
import type { Json, OrJson } from './json';

/** A page of a list: what a service gives, and a call that is `paged` answers with. */
export interface Page<T> {
  readonly items: readonly OrJson<T>[];
  /** Where the next page begins; absent on the last. */
  readonly nextCursor?: string;
}

/** Where a page ends: with so many items, and before the one with which it would hold more bytes of JSON. One always fits. */
export interface PageBounds {
  readonly limit: number;
  readonly bytes: number;
}

/** Items that are read at once: what a page may hold in memory past its own bounds. */
export const PART = 50;

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

/** What the groups of `pattern`, which is that of a list, find in a cursor. Throws INVALID_INPUT where it is of no such form. */
export function partsOf(cursor: string, pattern: RegExp): string[] {
  const parts = pattern.exec(cursor);
  if (!parts) throw invalidInput('/cursor', 'not a cursor of this list');
  return parts.slice(1);
}

/** A part of a page: rows, at most as many as were asked for, and what was made of each. */
export interface Part<T, R> {
  readonly rows: readonly R[];
  readonly items: readonly Json<T>[];
}

/** A page of items that may be long. `read` gives the part that comes after a row, or the first. */
export async function pageWithin<T, R>(
  { limit, bytes }: PageBounds,
  read: (limit: number, after?: R) => Promise<Part<T, R>>,
  cursorOf: (last: R) => string,
): Promise<Page<T>> {
  const page: Json<T>[] = [];
  let last: R | undefined;
  for (let left = bytes; page.length < limit;) {
    const most = Math.min(PART, limit - page.length);
    const { rows, items } = await read(most, last);
    for (const [index, item] of items.entries()) {
      left -= Buffer.byteLength(item.text);
      if (left < 0 && last) return { items: page, nextCursor: cursorOf(last) };
      page.push(item);
      last = rows[index];
    }
    if (rows.length < most) return { items: page };
  }
  return { items: page, ...(last && { nextCursor: cursorOf(last) }) };
}
