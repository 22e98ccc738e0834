import type { Database } from '../database/pool';
import type { Read } from '../database/session';
import { chunks, IN_LIST, select, type Select } from '../database/statement';
import type { Tables } from '../database/tables';
import { CURRENT, fromRow, MESSAGE_COLUMNS, toJson, type StoredMessage } from '../message/row';
import { entryOf, entryTail, messagesData } from './entry';

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

type Row = Tables['push_history'];

/** Messages of a conversation that follow each other, first and last included. */
export interface Run {
  readonly conversationId: number;
  readonly from: number;
  readonly to: number;
}

/** Messages of one page: a page ends with the run that reaches this. */
const PAGE_MESSAGES = 500;

/** Where the streams of these users stand. Index: user_inbox PRIMARY. */
export async function readHeads(database: Database, userIds: readonly number[]): Promise<Map<number, Inbox>> {
  const heads = new Map<number, Inbox>();
  for (const ids of chunks(userIds, IN_LIST)) {
    const columns = ['user_id', 'last_seq', 'first_seq', 'notice_seq'] as const;
    for (const row of await database.select(select('user_inbox', columns, `WHERE user_id IN (${ids.join()})`))) {
      heads.set(row.user_id, { head: row.last_seq, first: row.first_seq, noticeSeq: row.notice_seq });
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
  const rows = await database.select(selectEntries(userId, after, limit));
  // Purging may have taken rows since the inbox was read.
  const oldest = rows.length > 0 && rows[0].sync_seq > after + 1 ? rows[0].sync_seq : first;
  const page = rows.slice(0, lengthOfPage(rows));
  const runs = page.flatMap(row => runOf(row) ?? []);
  const messagesOf = await readRuns(statement => database.select(statement), runs);
  const entries = page.map(row => {
    const run = runOf(row);
    const data = run ? messagesData(messagesOf(run).map(toJson)) : (row.payload ?? '{}');
    return entryOf(row.sync_seq, entryTail(row.type, row.conversation_id, data, row.created_at));
  });
  const last = page.at(-1)?.sync_seq;
  return { entries, head: Math.max(head, last ?? 0), first: oldest, last: last ?? after };
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

/** How many of the entries fit a page. */
function lengthOfPage(rows: readonly Row[]): number {
  let messages = 0;
  const end = rows.findIndex(row => {
    const isFull = messages >= PAGE_MESSAGES;
    const run = runOf(row);
    if (run) messages += run.to - run.from + 1;
    return isFull;
  });
  return end === -1 ? rows.length : end;
}

function runOf({ conversation_id: conversationId, from_seq: from, to_seq: to }: Row): Run | undefined {
  return conversationId === null || from === null || to === null ? undefined : { conversationId, from, to };
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
