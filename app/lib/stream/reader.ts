import type { Database } from '../database/pool';
import type { Read } from '../database/session';
import { chunks, IN_LIST, select, sql, type Select } from '../database/statement';
import type { Tables } from '../database/tables';
import { PART, type PageBounds } from '../../schema/page';
import { findLaterEdits } from '../message/later_edits';
import type { ConversationKind } from '../message/locked_conversation';
import { CURRENT, fromRow, MESSAGE_COLUMNS, toJson, type StoredMessage } from '../message/row';
import { entryOf, entryTail, messagesData } from './entry';

/** Where a stream stands: `head` is its last syncSeq, `first` the oldest that purging has left. */
export interface Head {
  readonly head: number;
  readonly first: number;
  /** Which history it is part of: another one once the database was set back. */
  readonly epoch: string;
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

type Row = Tables['push_history'];

/** Messages of a conversation that follow each other, first and last included. */
export interface Run {
  readonly conversationId: number;
  readonly from: number;
  readonly to: number;
}

/** Messages of one page: a page ends with the run that reaches this. */
const PAGE_MESSAGES = 500;

type HeadRow = Pick<Tables['user_inbox'], 'user_id' | 'last_seq' | 'first_seq' | 'notice_seq'> & {
  readonly epoch: string;
};

/** Index: user_inbox PRIMARY. */
function selectHeads(userIds: readonly number[]): Select<HeadRow> {
  return sql(
    `SELECT user_id, last_seq, first_seq, notice_seq, (SELECT epoch FROM stream_epoch WHERE id = 1) AS epoch
    FROM user_inbox WHERE user_id IN (${userIds.join()})`,
  );
}

/** Where the streams of these users stand. */
export async function readHeads(database: Database, userIds: readonly number[]): Promise<Map<number, Inbox>> {
  const heads = new Map<number, Inbox>();
  for (const ids of chunks(userIds, IN_LIST)) {
    for (const row of await database.select(selectHeads(ids))) {
      const { last_seq: head, first_seq: first, notice_seq: noticeSeq, epoch } = row;
      heads.set(row.user_id, { head, first, noticeSeq, epoch });
    }
  }
  return heads;
}

/** Where the stream of one user stands. */
export async function readHead(database: Database, userId: number): Promise<Head> {
  return (await readHeads(database, [userId])).get(userId) ?? { head: 0, first: 1, epoch: '' };
}

/**
 * Entries of a user's stream after a place, in order, as many as the bounds allow. `head` is read first, so that it is never
 * ahead of entries that the page would have had to hold.
 */
export async function readPage(
  database: Database,
  userId: number,
  after: number,
  { limit, bytes }: PageBounds,
): Promise<Page> {
  const { head, first, epoch } = await readHead(database, userId);
  const page = new PageOfEntries(bytes);
  const kinds: Kinds = new Map();
  let place = after;
  for (let left = limit; left > 0; left -= PART) {
    const rows = await database.select(selectEntries(userId, place, Math.min(left, PART)));
    let hasRoom = rows.length === PART;
    for (const part of partsOf(rows)) {
      const messagesOf = await readRunsFor(database, userId, part.flatMap(runOf));
      await readKinds(database, part, kinds);
      if (page.add(part, messagesOf, kinds)) continue;
      hasRoom = false;
      break;
    }
    if (!hasRoom) break;
    place = rows.at(-1)!.sync_seq;
  }
  const { entries, first: read = 0, last } = page;
  // Purging may have taken rows since the inbox was read.
  const oldest = read > after + 1 ? read : first;
  return { entries, head: Math.max(head, last ?? 0), first: oldest, epoch, last: last ?? after };
}

/** Entries as JSON, until they are enough. */
class PageOfEntries {
  readonly entries: string[] = [];
  /** The syncSeq of the first and of the last. */
  first?: number;
  last?: number;
  private messages = 0;

  constructor(private left: number) {}

  /** Adds the entries of rows. Returns whether all of them did fit. */
  add(rows: readonly Row[], messagesOf: (run: Run) => StoredMessage[], kinds: Kinds): boolean {
    for (const row of rows) {
      const run = runOf(row).at(0);
      const data = run ? messagesData(messagesOf(run).map(toJson)) : (row.payload ?? '{}');
      const { type, conversation_id: conversationId, created_at: at } = row;
      const conversation = isOfNew(row) ? kinds.get(conversationId!) : undefined;
      const entry = entryOf(row.sync_seq, entryTail({ type, conversationId, conversation, data, at }));
      this.left -= Buffer.byteLength(entry);
      if (this.last !== undefined && (this.left < 0 || this.messages >= PAGE_MESSAGES)) return false;
      this.entries.push(entry);
      this.first ??= row.sync_seq;
      this.last = row.sync_seq;
      if (run) this.messages += lengthOf(run);
    }
    return true;
  }
}

/** Index: push_history PRIMARY, one range. */
function selectEntries(userId: number, after: number, limit: number): Select<Row> {
  const columns = ['sync_seq', 'type', 'conversation_id', 'from_seq', 'to_seq', 'payload', 'created_at'] as const;
  return select(
    'push_history',
    columns,
    `WHERE receiver_id = ${userId} AND sync_seq > ${after} ORDER BY sync_seq LIMIT ${limit}`,
  );
}

/** The rows in order, in parts of about as many messages as are read at once; a run is not divided. */
function partsOf(rows: readonly Row[]): Row[][] {
  const parts: Row[][] = [[]];
  let messages = 0;
  for (const row of rows) {
    const length = runOf(row).reduce((sum, run) => sum + lengthOf(run), 0);
    if (messages > 0 && messages + length > PART) {
      parts.push([]);
      messages = 0;
    }
    parts.at(-1)!.push(row);
    messages += length;
  }
  return parts;
}

function lengthOf({ from, to }: Run): number {
  return to - from + 1;
}

/** The run that a row stands for, if it does. */
function runOf({ conversation_id: conversationId, from_seq: from, to_seq: to }: Row): Run[] {
  return conversationId === null || from === null || to === null ? [] : [{ conversationId, from, to }];
}

/** Conversations by id; those of dissolved groups are missing. */
type Kinds = Map<number, ConversationKind>;

function isOfNew({ type }: Row): boolean {
  return type === 'message.new';
}

/** Adds those that rows name and that are not there yet. Index: conversation PRIMARY. */
async function readKinds(database: Database, rows: readonly Row[], kinds: Kinds): Promise<void> {
  const ids = new Set(rows.filter(isOfNew).map(row => row.conversation_id!));
  const missing = [...ids].filter(id => !kinds.has(id));
  if (missing.length === 0) return;
  const found = select('conversation', ['id', 'type', 'single_key'], `WHERE id IN (${missing.join()})`);
  for (const { id, type, single_key: key } of await database.select(found)) {
    // The key is the ids of the two.
    const userIds = type === 'single' ? [...new Set(key?.split(':').map(Number))] : undefined;
    kinds.set(id, { type, userIds });
  }
}

/** As `readRuns`, without what the user may not see any more. */
async function readRunsFor(
  database: Database,
  userId: number,
  runs: readonly Run[],
): Promise<(run: Run) => StoredMessage[]> {
  const read: Read = statement => database.select(statement);
  const messagesOf = await readRuns(read, runs);
  const isLater = await findLaterEdits(read, userId, runs.flatMap(messagesOf));
  return run => messagesOf(run).filter(each => !isLater(each));
}

/** The messages of each of these runs, by one SELECT; those that are out of date are missing. */
export async function readRuns(read: Read, runs: readonly Run[]): Promise<(run: Run) => StoredMessage[]> {
  if (runs.length === 0) return () => [];
  const ranges = runs.map(
    ({ conversationId, from, to }) => `(conversation_id = ${conversationId} AND seq BETWEEN ${from} AND ${to})`,
  );
  // Index: message PRIMARY, a range for each run.
  const rows = await read(select('message', MESSAGE_COLUMNS, `WHERE (${ranges.join(' OR ')}) AND ${CURRENT}`));
  const messages = new Map(rows.map(row => [`${row.conversation_id}:${row.seq}`, fromRow(row)]));
  return ({ conversationId, from, to }) => {
    const run: StoredMessage[] = [];
    for (let seq = from; seq <= to; seq++) {
      const message = messages.get(`${conversationId}:${seq}`);
      if (message) run.push(message);
    }
    return run;
  };
}
