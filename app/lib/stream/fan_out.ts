import { chunks, IN_LIST, literal } from '../database/statement';
import { placesIn, selectEnds, type Ends } from './ends';
import { ENTRY_COLUMNS, entryValues, publicationOf, type NewEntry, type Publication } from './entry';

/**
 * Puts one entry behind the ends of streams that nobody has locked, by statements that find these ends themselves: neither are they
 * read first nor does a row for each receiver go to the database. Every user has a row of user_inbox from the beginning.
 */
export class FanOut {
  private readonly slices: readonly number[][];

  constructor(
    private readonly entry: NewEntry,
    private readonly at: Date,
  ) {
    const sorted = [...new Set(entry.receiverIds)].sort((a, b) => a - b);
    this.slices = chunks(sorted, IN_LIST);
  }

  /** Locks and moves the streams, in sorted order. Index: user_inbox PRIMARY. */
  move(): string[] {
    return this.slices.map(ids => `UPDATE user_inbox SET last_seq = last_seq + 1 WHERE user_id IN (${ids.join()})`);
  }

  /** After `move`, the place of the entry in one of the streams, as SQL. */
  placeOf(userId: number): string {
    return this.entry.receiverIds.includes(userId)
      ? `(SELECT last_seq FROM user_inbox WHERE user_id = ${userId})`
      : '0';
  }

  /** After `move`, writes the entry into the streams. Index: user_inbox PRIMARY. */
  write(): string[] {
    const values = entryValues(this.entry, this.at, literal);
    return this.slices.map(
      ids => `INSERT INTO push_history (receiver_id, sync_seq, ${ENTRY_COLUMNS})
        SELECT user_id, last_seq, ${values} FROM user_inbox WHERE user_id IN (${ids.join()})`,
    );
  }

  /** After `move`, reads the places. */
  read(): Ends[] {
    return this.slices.map(selectEnds);
  }

  /** What is to be pushed, from what `read` has found. */
  publication(results: Parameters<typeof placesIn>[0]): Publication {
    return publicationOf(this.entry, this.at, placesIn(results));
  }
}
