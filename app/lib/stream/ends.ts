import { sql, type Result, type Select } from '../database/statement';

/** Where streams end, as `user_id syncSeq` with commas between: a row for each would cost more than all else about it. */
export type Ends = Select<{ readonly ends: string | null }>;

/** Reads where the streams of up to `IN_LIST` users, listed as SQL, end, without a lock. Index: user_inbox PRIMARY. */
export function selectEnds(userIds: string): Ends {
  return sql(
    `SELECT GROUP_CONCAT(user_id, ' ', last_seq ORDER BY user_id) AS ends FROM user_inbox
    WHERE user_id IN (${userIds})`,
  );
}

/** What that has found: user id, syncSeq, user id, syncSeq … */
export function placesIn(results: readonly Result<Ends>[]): number[] {
  return results.flatMap(([{ ends }]) => (ends === null ? [] : ends.split(/[ ,]/).map(Number)));
}
