import { chunks, literal, type Database, type Row } from '../database/pool';
import { CURRENT, fromRow, MESSAGE_COLUMNS, toJson } from '../message/row';

/** Runs statements inside the caller's transaction, in order; one result for each. */
export type Query = (statements: readonly string[]) => Promise<Row[][]>;

/** Something that users have to receive. */
export interface NewEntry {
  readonly type: string;
  readonly receiverIds: readonly number[];
  readonly conversationId?: number;
  readonly data: unknown;
  /** The places of the messages in `data`, stored in its stead: a pull reads them anew, and no row copies their text. */
  readonly run?: { readonly from: number; readonly to: number };
}

/**
 * What was committed together for the same reason, ready to be pushed: `tail` is the entry as JSON without its
 * beginning (each recipient has another syncSeq there), `to` the recipients as user id, syncSeq, user id, syncSeq …
 */
export interface Publication {
  readonly tail: string;
  readonly to: number[];
}

/** Where a stream stands: `head` is its last syncSeq, `first` the oldest that purging has left. */
export interface Head {
  readonly head: number;
  readonly first: number;
}

/** The same, as the tables have it. */
export interface Inbox extends Head {
  /** How far the notices to all are in it: a `seq` of their conversation. */
  readonly noticeSeq: number;
}

/** A page of a stream: each entry as JSON, as a push carries it, and the syncSeq of the last. */
export interface Page extends Head {
  readonly entries: string[];
  readonly last: number;
}

/** Rows of one INSERT. */
const ROWS = 2000;
/** Characters of all the copies of an entry from which on it is sent to the database once, and not for each receiver. */
const SHARED = 1 << 16;
/** Ids of one IN list. MariaDB turns a list of 1,000 into a temporary table, which has no order to lock rows in. */
const IDS = 500;
/** Messages of one page: a page ends with the run that reaches this. */
const PAGE_MESSAGES = 500;

/** The statements that lock the inboxes of these users, in sorted order; their results make `StreamAppender`. Index: PRIMARY. */
export function lockInboxes(userIds: Iterable<number>): string[] {
  const sorted = [...new Set(userIds)].sort((a, b) => a - b);
  return chunks(sorted, IDS).map(
    ids => `SELECT user_id, last_seq FROM user_inbox WHERE user_id IN (${ids.join()}) ORDER BY user_id FOR UPDATE`,
  );
}

/** The ends of locked streams, from which a transaction takes the next places. */
export class StreamAppender {
  private readonly lastSeqs = new Map<number, number>();
  private readonly rows: string[] = [];
  private readonly shared: string[] = [];

  constructor(results: readonly (readonly Row[])[]) {
    for (const rows of results) {
      for (const row of rows) this.lastSeqs.set(row.user_id as number, row.last_seq as number);
    }
  }

  /**
   * Adds a row to a stream and returns its syncSeq. `values` are the SQL literals of type, conversation_id, from_seq,
   * to_seq, payload, created_at.
   */
  add(receiverId: number, values: string): number {
    const syncSeq = (this.lastSeqs.get(receiverId) ?? 0) + 1;
    this.lastSeqs.set(receiverId, syncSeq);
    this.rows.push(`(${receiverId},${syncSeq},${values})`);
    return syncSeq;
  }

  /** What it returns is to be pushed once the transaction is committed. */
  addEntries(entries: readonly NewEntry[]): Publication[] {
    const at = new Date();
    return entries.map(({ type, receiverIds, conversationId = null, data, run }) => {
      const payload = JSON.stringify(data);
      const stored = run ? `${run.from},${run.to},NULL` : `NULL,NULL,${this.sqlOf(payload, receiverIds.length)}`;
      const values = `${literal(type)},${conversationId},${stored},${literal(at)}`;
      const to = receiverIds.flatMap(receiverId => [receiverId, this.add(receiverId, values)]);
      return { tail: entryTail(type, conversationId, payload, at), to };
    });
  }

  /** A payload as a literal; a long one to many as a variable of the connection: thousands would burst an INSERT. */
  private sqlOf(payload: string, receivers: number): string {
    if (payload.length * receivers < SHARED) return literal(payload);
    return `@payload${this.shared.push(literal(payload)) - 1}`;
  }

  /** The statements that write what was added. */
  statements(): string[] {
    const inboxes = [...this.lastSeqs].map(([id, lastSeq]) => `(${id},${lastSeq})`);
    return [
      ...this.shared.map((payload, index) => `SET @payload${index} = ${payload}`),
      ...chunks(this.rows, ROWS).map(
        rows =>
          `INSERT INTO push_history (receiver_id, sync_seq, type, conversation_id, from_seq, to_seq, payload, created_at) VALUES ${rows.join()}`,
      ),
      ...chunks(inboxes, ROWS).map(
        rows =>
          `INSERT INTO user_inbox (user_id, last_seq) VALUES ${rows.join()} ON DUPLICATE KEY UPDATE last_seq = VALUES(last_seq)`,
      ),
    ];
  }
}

/**
 * Writes entries into their receivers' streams, as the last thing in the caller's transaction: the inbox locks come
 * after those of conversations and members.
 */
export async function append(query: Query, entries: readonly NewEntry[]): Promise<Publication[]> {
  if (entries.length === 0) return [];
  const heads = new StreamAppender(await query(lockInboxes(entries.flatMap(each => each.receiverIds))));
  const publications = heads.addEntries(entries);
  await query(heads.statements());
  return publications;
}

/** An entry as JSON without its beginning; `data` is JSON. */
export function entryTail(type: string, conversationId: number | null, data: string, at: Date): string {
  const conversation = conversationId === null ? '' : `"conversationId":"${conversationId}",`;
  return `"type":"${type}",${conversation}"data":${data},"at":"${at.toISOString()}"}`;
}

/** The entry of one recipient as JSON. */
export function entryOf(syncSeq: number, tail: string): string {
  return `{"syncSeq":${syncSeq},${tail}`;
}

/** Where the streams of these users stand. Index: user_inbox PRIMARY. */
export async function readHeads(database: Database, userIds: readonly number[]): Promise<Map<number, Inbox>> {
  const heads = new Map<number, Inbox>();
  for (const ids of chunks(userIds, IDS)) {
    const rows = await database.select(
      `SELECT user_id, last_seq, first_seq, notice_seq FROM user_inbox WHERE user_id IN (${ids.join()})`,
    );
    for (const row of rows) {
      const [head, first, noticeSeq] = [row.last_seq, row.first_seq, row.notice_seq] as number[];
      heads.set(row.user_id as number, { head, first, noticeSeq });
    }
  }
  return heads;
}

/**
 * Up to `limit` entries of a user's stream after a place, in order. `head` is read first, so that it is never ahead of
 * entries that the page would have had to hold.
 */
export async function readPage(database: Database, userId: number, after: number, limit: number): Promise<Page> {
  const { head, first } = (await readHeads(database, [userId])).get(userId) ?? { head: 0, first: 1 };
  // Index: push_history PRIMARY, one range.
  const rows = await database.select(
    `SELECT sync_seq, type, conversation_id, from_seq, to_seq, payload, created_at FROM push_history WHERE receiver_id = ${userId} AND sync_seq > ${after} ORDER BY sync_seq LIMIT ${limit}`,
  );
  // Purging may have taken rows since the inbox was read.
  const oldest = rows.length > 0 && (rows[0].sync_seq as number) > after + 1 ? (rows[0].sync_seq as number) : first;
  let messages = 0;
  const page = rows.filter(row => {
    const fits = messages < PAGE_MESSAGES;
    if (row.from_seq !== null) messages += (row.to_seq as number) - (row.from_seq as number) + 1;
    return fits;
  });
  const runs = await readRuns(database, page);
  const entries = page.map(row => {
    const data = row.from_seq === null ? (row.payload as string) : `{"messages":[${runs(row).join()}]}`;
    const tail = entryTail(row.type as string, row.conversation_id as number | null, data, row.created_at as Date);
    return entryOf(row.sync_seq as number, tail);
  });
  const last = page.at(-1)?.sync_seq as number | undefined;
  return { entries, head: Math.max(head, last ?? 0), first: oldest, last: last ?? after };
}

/** The messages, as JSON, of every run that the rows point to, in one SELECT. */
export async function readRuns(database: Database, rows: readonly Row[]): Promise<(row: Row) => string[]> {
  const ranges = rows
    .filter(row => row.from_seq !== null)
    .map(row => `(conversation_id = ${row.conversation_id} AND seq BETWEEN ${row.from_seq} AND ${row.to_seq})`);
  if (ranges.length === 0) return () => [];
  // Index: message PRIMARY, a range for each run.
  const messages = await database.select(
    `SELECT ${MESSAGE_COLUMNS} FROM message WHERE (${ranges.join(' OR ')}) AND ${CURRENT}`,
  );
  const json = new Map(messages.map(row => [`${row.conversation_id}:${row.seq}`, toJson(fromRow(row))]));
  return row => {
    const run: string[] = [];
    for (let seq = row.from_seq as number; seq <= (row.to_seq as number); seq++) {
      const message = json.get(`${row.conversation_id}:${seq}`);
      if (message) run.push(message);
    }
    return run;
  };
}
