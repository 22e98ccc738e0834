import { chunks, IN_LIST, literal } from '../database/statement';
import { placesIn, selectEnds, type Ends } from './ends';
import { ENTRY_COLUMNS, entryValues, publicationOf, type NewEntry, type Publication } from './entry';

/** An entry, and what dates it. */
interface DatedEntry {
  readonly entry: NewEntry;
  readonly at: Date;
}

/**
 * Puts entries that have the same receivers behind the ends of streams that nobody has locked, by statements that find these ends
 * themselves: neither are they read first nor does a row for each receiver go to the database. Every user has a row of user_inbox
 * from the beginning.
 */
export class FanOut {
  private readonly receiverIds: ReadonlySet<number>;
  /** Lists of user ids, as SQL. */
  private readonly slices: readonly string[];

  /** @param entries at least one, in the order that they have in each stream */
  constructor(private readonly entries: readonly DatedEntry[]) {
    this.receiverIds = new Set(entries[0].entry.receiverIds);
    const sorted = [...this.receiverIds].sort((a, b) => a - b);
    this.slices = chunks(sorted, IN_LIST).map(ids => ids.join());
  }

  /** Locks and moves the streams, in sorted order. Index: user_inbox PRIMARY. */
  move(): string[] {
    const { length } = this.entries;
    return this.slices.map(ids => `UPDATE user_inbox SET last_seq = last_seq + ${length} WHERE user_id IN (${ids})`);
  }

  /** After `move`, the place of an entry in one of the streams, as SQL. */
  placeOf(index: number, userId: number): string {
    return this.receiverIds.has(userId)
      ? `(SELECT last_seq - ${this.behind(index)} FROM user_inbox WHERE user_id = ${userId})`
      : '0';
  }

  /** After `move`, writes the entries into the streams. Index: user_inbox PRIMARY. */
  write(): string[] {
    const columns = `receiver_id, sync_seq, ${ENTRY_COLUMNS}`;
    const values = this.entries.map(({ entry, at }) => entryValues(entry, at, literal));
    if (values.length === 1) {
      return this.slices.map(
        ids => `INSERT INTO push_history (${columns})
          SELECT user_id, last_seq, ${values[0]} FROM user_inbox WHERE user_id IN (${ids})`,
      );
    }
    const rows = values.map((each, index) => `SELECT ${this.behind(index)},${each}`);
    return this.slices.map(
      ids => `INSERT INTO push_history (${columns})
        WITH entry (behind, ${ENTRY_COLUMNS}) AS (${rows.join(' UNION ALL ')})
        SELECT user_id, last_seq - behind, ${ENTRY_COLUMNS} FROM user_inbox CROSS JOIN entry WHERE user_id IN (${ids})`,
    );
  }

  /** After `move`, reads the places. */
  read(): Ends[] {
    return this.slices.map(selectEnds);
  }

  /** What is to be pushed of each entry, from what `read` has found. */
  publications(results: Parameters<typeof placesIn>[0]): Publication[] {
    const ends = placesIn(results);
    return this.entries.map(({ entry, at }, index) => {
      const behind = this.behind(index);
      // Each second number is a place, the others are users.
      const to = behind === 0 ? ends : ends.map((value, position) => (position % 2 === 0 ? value : value - behind));
      return publicationOf(entry, at, to);
    });
  }

  /** How many entries come after one. */
  private behind(index: number): number {
    return this.entries.length - 1 - index;
  }
}
