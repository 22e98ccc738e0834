import type { Query } from '../database/session';
import type { Select } from '../database/statement';

/** Runs work with the rows that a SELECT locks, in a transaction of its own. */
export async function withLocked<Row, T>(
  query: Query,
  locking: Select<Row>,
  work: (rows: readonly Row[]) => Promise<T>,
): Promise<T> {
  try {
    const [rows] = await query([locking], ['START TRANSACTION']);
    const result = await work(rows);
    await query(['COMMIT']);
    return result;
  } catch (error) {
    await query(['ROLLBACK']);
    throw error;
  }
}
