import { chunks, IN_LIST, literal, select, upsert, type Select } from '../database/statement';
import type { Tables } from '../database/tables';
import { ENTRY_COLUMNS, entryValues, publicationOf, type NewEntry, type Publication } from './entry';

type LockedInbox = Pick<Tables['user_inbox'], 'user_id' | 'last_seq'>;

const COLUMNS = `receiver_id, sync_seq, ${ENTRY_COLUMNS}`;
/** Rows of one INSERT. */
const ROWS = 2000;
/** Characters of all the copies of an entry from which on it is sent to the database once, and not for each receiver. */
const SHARED = 1 << 16;

/** The statements that lock the streams of these users, in sorted order. Index: user_inbox PRIMARY. */
export function lockStreams(userIds: Iterable<number>): Select<LockedInbox>[] {
  const sorted = [...new Set(userIds)].sort((a, b) => a - b);
  return chunks(sorted, IN_LIST).map(ids =>
    select('user_inbox', ['user_id', 'last_seq'], `WHERE user_id IN (${ids.join()}) ORDER BY user_id FOR UPDATE`),
  );
}

/** Puts entries behind the ends of locked streams. */
export class StreamAppender {
  /** The last syncSeq of each stream that is locked. */
  private readonly heads = new Map<number, number>();
  private readonly moved = new Set<number>();
  private readonly rows: string[] = [];
  private readonly shared: string[] = [];

  /** Takes the results of `lockStreams`. */
  locked(results: readonly (readonly LockedInbox[])[]): void {
    for (const inbox of results.flat()) this.heads.set(inbox.user_id, inbox.last_seq);
  }

  holds(userId: number): boolean {
    return this.heads.has(userId);
  }

  /** Whether no stream is locked. */
  get isEmpty(): boolean {
    return this.heads.size === 0;
  }

  /** Adds an entry to the streams of its receivers. What it returns is to be pushed once the transaction is committed. */
  append(entry: NewEntry, at: Date): Publication {
    const { receiverIds } = entry;
    const values = entryValues(entry, at, data => this.sqlOf(data, receiverIds.length));
    const to = receiverIds.flatMap(receiverId => [receiverId, this.add(receiverId, values)]);
    return publicationOf(entry, at, to);
  }

  /** The statements that write what was added. */
  statements(): string[] {
    const inboxes = [...this.moved].map(id => `(${id},${this.heads.get(id)})`);
    return [
      ...this.shared.map((data, index) => `SET @payload${index} = ${data}`),
      ...chunks(this.rows, ROWS).map(rows => `INSERT INTO push_history (${COLUMNS}) VALUES ${rows.join()}`),
      ...chunks(inboxes, ROWS).map(rows =>
        upsert('user_inbox', 'user_id, last_seq', rows, 'last_seq = VALUES(last_seq)'),
      ),
    ];
  }

  /** Returns the syncSeq. */
  private add(receiverId: number, values: string): number {
    const syncSeq = (this.heads.get(receiverId) ?? 0) + 1;
    this.heads.set(receiverId, syncSeq);
    this.moved.add(receiverId);
    this.rows.push(`(${receiverId},${syncSeq},${values})`);
    return syncSeq;
  }

  /** Data as a literal; long data for many as a variable of the connection: thousands of copies would burst an INSERT. */
  private sqlOf(data: string, receivers: number): string {
    if (data.length * receivers < SHARED) return literal(data);
    return `@payload${this.shared.push(literal(data)) - 1}`;
  }
}
