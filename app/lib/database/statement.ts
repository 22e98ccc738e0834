import { escape, type ResultSetHeader } from 'mysql2';
import type { ColumnOf, TableName, Tables } from './tables';

declare const row: unique symbol;

/** A SELECT as SQL text, of which the compiler knows what a row holds. */
export type Select<Row> = string & { readonly [row]: Row };

/** What a statement answers: the rows of a SELECT, a header for anything else. */
export type Result<S> = S extends Select<infer Row> ? Row[] : ResultSetHeader;
export type Results<S extends readonly string[]> = { -readonly [K in keyof S]: Result<S[K]> };

/** A SELECT whose rows the caller describes, because they are more than columns of one table. */
export function sql<Row>(text: string): Select<Row> {
  return text as Select<Row>;
}

/** The database's clock, which dates everything: nodes need not agree. */
export const SELECT_NOW = sql<{ readonly now: Date }>('SELECT UTC_TIMESTAMP(3) AS now');

/** A SELECT of columns of one table: the rows' type follows from their names. `rest` begins behind the table's name. */
export function select<T extends TableName, C extends ColumnOf<T>>(
  table: T,
  columns: readonly C[],
  rest: string,
): Select<Pick<Tables[T], C>> {
  return sql(`SELECT ${columns.join()} FROM ${table} ${rest}`);
}

/**
 * An INSERT of whole rows that are there already: it changes them, each to its own values, in one statement. `update` is
 * what follows ON DUPLICATE KEY UPDATE. The columns have to name all that have no default.
 */
export function upsert(table: TableName, columns: string, rows: readonly string[], update: string): string {
  return `INSERT INTO ${table} (${columns}) VALUES ${rows.join()} ON DUPLICATE KEY UPDATE ${update}`;
}

/** A value as an SQL literal. */
export function literal(value: string | number | Date | null): string {
  return typeof value === 'number' ? String(value) : escape(value, false, 'Z');
}

/** A list of pairs as SQL, for `(a, b) IN (…)`. */
export function tuples(pairs: readonly (readonly (number | string)[])[]): string {
  return pairs.map(pair => `(${pair.map(literal).join()})`).join();
}

/** Values of one IN list. MariaDB turns a list of 1,000 into a temporary table, which has no order to lock rows in. */
export const IN_LIST = 500;

/** Slices of at most `size`. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  const slices: T[][] = [];
  for (let from = 0; from < items.length; from += size) slices.push(items.slice(from, from + size));
  return slices;
}
