import { literal } from '../database/statement';

/** What is used all the time is noted once an hour; retention waits a day longer. */
export const HOUR_AGO = 'UTC_TIMESTAMP(3) - INTERVAL 1 HOUR';

/** Notes, before use is made of them, that these media are in use. Index: media PRIMARY, in its order. */
export function touchMedia(ids: readonly string[]): string {
  const sorted = [...ids].sort().map(literal).join();
  return `UPDATE media SET last_used_at = UTC_TIMESTAMP(3) WHERE id IN (${sorted}) AND last_used_at < ${HOUR_AGO}`;
}
