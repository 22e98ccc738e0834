import type { Database } from '../database/pool';
import type { Read } from '../database/session';
import { select, sql, type Select } from '../database/statement';
import type { Tables } from '../database/tables';
import { PART, type PageBounds } from '../../schema/page';
import { findLaterEdits } from '../message/later_edits';
import { toJson, untouched, type StoredMessage } from '../message/row';
import { entryOf, entryTail, kindOf, messagesData } from './entry';
import { fromHeadRow, NO_HEAD, selectHeads, type Head } from './head';
import { lengthOf, readRuns, type Run } from './runs';

/** A page of a stream: each entry as JSON, as a push carries it, and the syncSeq of the last. */
export interface Page extends Head {
  readonly entries: string[];
  readonly last: number;
}

/** Messages of one page: a page ends with the run that reaches this. */
const PAGE_MESSAGES = 500;

/** Bytes of an item that is read with others at once, however many: all of a page's together are no more than a page may hold. */
const SHORT = 2048;

/** The columns of a message that stands beside its entry. */
const BESIDE = [
  'client_msg_id',
  'sender_id',
  'sender_version',
  'type AS message_type',
  'content',
  'reply_to',
  'mentions',
  'mention_all',
  'extra',
  'sent_at',
] as const;

type Beside = Pick<Tables['message'], Exclude<(typeof BESIDE)[number], `${string} ${string}`>> & {
  readonly message_type: string;
};

/** A row of the stream, and beside it the message that it stands for, if it is one that is short and as it was sent. */
type Row = Tables['push_history'] &
  (Beside | { readonly [K in keyof Beside]: null }) & {
    /** Bytes of the payload; a long one is not in the row. */
    readonly length: number | null;
    /** Of the conversation of new messages; null when it was dissolved. */
    readonly kind: Tables['conversation']['type'] | null;
    readonly single_key: string | null;
  };

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
  const page = new PageOfEntries(bytes);
  let asked = Math.min(limit, PART);
  const [inboxes, start] = await database.query([selectHeads([userId]), selectEntries(userId, after, asked)]);
  const { head, first, epoch } = inboxes.map(fromHeadRow).at(0) ?? NO_HEAD;
  for (let rows = start; ;) {
    for (const part of partsOf(rows)) {
      const apart = await readApart(database, userId, part);
      // Purged meanwhile, and what is before it too: the first entry is another one by now.
      if (!apart) return readPage(database, userId, after, { limit, bytes });
      if (!page.add(part, apart)) break;
    }
    const isDone = rows.length < asked || page.last !== rows.at(-1)?.sync_seq || page.entries.length >= limit;
    if (isDone) break;
    asked = Math.min(limit - page.entries.length, page.room);
    [rows] = await database.query([selectEntries(userId, page.last ?? after, asked)]);
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
  /** Bytes that the entries have, or more. */
  private atMost = 0;
  /** By the conversation. */
  private readonly kinds = new Map<number, string>();

  constructor(private readonly bytes: number) {}

  /** Adds the entries of rows. Returns whether all of them did fit. */
  add(rows: readonly Row[], { messagesOf, payloads }: Apart): boolean {
    for (const row of rows) {
      const run = runOf(row);
      const data = run
        ? messagesData(row.client_msg_id === null ? messagesOf(run).map(toJson) : [toJson(besideOf(row, run))])
        : (row.payload ?? payloads.get(row.sync_seq) ?? '{}');
      const { type, conversation_id: conversationId, created_at: at } = row;
      const entry = entryOf(row.sync_seq, entryTail({ type, conversationId, kind: this.kindOf(row), data, at }));
      if (!this.hasRoomFor(entry) && this.last !== undefined) return false;
      this.entries.push(entry);
      this.first ??= row.sync_seq;
      this.last = row.sync_seq;
      if (run) this.messages += lengthOf(run);
    }
    return true;
  }

  /** How many more have room, if they are as those before; they are read in one go. */
  get room(): number {
    const used = Math.max(this.messages / PAGE_MESSAGES, this.atMost / this.bytes);
    const { length } = this.entries;
    return Math.max(PART, Math.ceil(length / used) - length);
  }

  /** Bytes are counted only where they might be too many: of a unit of a string UTF-8 makes three at most. */
  private hasRoomFor(entry: string): boolean {
    if (this.messages >= PAGE_MESSAGES) return false;
    this.atMost += entry.length * 3;
    if (this.atMost <= this.bytes) return true;
    this.atMost = this.entries.reduce((sum, each) => sum + Buffer.byteLength(each), Buffer.byteLength(entry));
    return this.atMost <= this.bytes;
  }

  private kindOf({ conversation_id: id, kind: type, single_key: key }: Row): string | undefined {
    if (id === null || type === null) return undefined;
    const known = this.kinds.get(id);
    if (known) return known;
    // The key is the ids of the two.
    const userIds = type === 'single' ? [...new Set(key?.split(':').map(Number))] : undefined;
    const kind = kindOf({ type, userIds });
    this.kinds.set(id, kind);
    return kind;
  }
}

/**
 * Index: push_history PRIMARY, one range; message and conversation PRIMARY, for each row. A run of several is not joined: its end
 * would be no constant, and all behind its beginning would be looked at.
 */
function selectEntries(userId: number, after: number, limit: number): Select<Row> {
  return sql(
    `SELECT p.sync_seq, p.type, p.conversation_id, p.from_seq, p.to_seq, LENGTH(p.payload) AS length,
      IF(LENGTH(p.payload) > ${SHORT}, NULL, p.payload) AS payload, p.created_at, c.type AS kind, c.single_key,
      ${BESIDE.map(column => `m.${column}`).join()}
    FROM push_history p
    LEFT JOIN message m ON m.conversation_id = p.conversation_id AND m.seq = p.from_seq AND p.to_seq = p.from_seq
      AND m.edited_at IS NULL AND m.recalled_at IS NULL AND m.deleted_at IS NULL AND m.expires_at IS NULL
      AND LENGTH(m.content) + COALESCE(LENGTH(m.extra), 0) <= ${SHORT}
    LEFT JOIN conversation c ON c.id = p.conversation_id AND p.type = 'message.new'
    WHERE p.receiver_id = ${userId} AND p.sync_seq > ${after} ORDER BY p.sync_seq LIMIT ${limit}`,
  );
}

/** The rows in order, in parts of about as many items as are read apart at once; a run is not divided. */
function partsOf(rows: readonly Row[]): Row[][] {
  const parts: Row[][] = [[]];
  let items = 0;
  for (const row of rows) {
    const own = apartOf(row);
    if (items > 0 && items + own > PART) {
      parts.push([]);
      items = 0;
    }
    parts.at(-1)!.push(row);
    items += own;
  }
  return parts;
}

/** How many items of an entry are not in its row. */
function apartOf(row: Row): number {
  const run = runOf(row);
  if (run) return row.client_msg_id === null ? lengthOf(run) : 0;
  return isLong(row) ? 1 : 0;
}

const isLong = ({ payload, length }: Row) => payload === null && length !== null;

/** The run that a row stands for, if it does. */
function runOf({ conversation_id: conversationId, from_seq: from, to_seq: to }: Row): Run | undefined {
  return conversationId === null || from === null || to === null ? undefined : { conversationId, from, to };
}

function besideOf(row: Row, { conversationId, from: seq }: Run): StoredMessage {
  const beside = row as Row & Beside;
  return {
    conversationId,
    seq,
    clientMsgId: beside.client_msg_id,
    senderId: beside.sender_id,
    senderVersion: beside.sender_version,
    type: beside.message_type,
    content: beside.content,
    replyTo: beside.reply_to,
    mentions: beside.mentions,
    extra: beside.extra,
    sentAt: beside.sent_at,
    mentionAll: beside.mention_all === 1,
    ...untouched,
    syncSeq: 0,
  };
}

/** What rows do not hold themselves. */
interface Apart {
  readonly messagesOf: (run: Run) => StoredMessage[];
  /** By syncSeq. */
  readonly payloads: ReadonlyMap<number, string | null>;
}

/** Nothing when some of it is not there any more. */
async function readApart(database: Database, userId: number, rows: readonly Row[]): Promise<Apart | undefined> {
  const runs = rows.flatMap(row => (apartOf(row) > 0 ? (runOf(row) ?? []) : []));
  const long = rows.filter(isLong).map(row => row.sync_seq);
  const payloads = new Map<number, string | null>();
  if (long.length > 0) {
    // Index: push_history PRIMARY, for each.
    const found = `WHERE receiver_id = ${userId} AND sync_seq IN (${long.join()})`;
    const read = await database.select(select('push_history', ['sync_seq', 'payload'], found));
    if (read.length < long.length) return undefined;
    for (const { sync_seq: syncSeq, payload } of read) payloads.set(syncSeq, payload);
  }
  return { messagesOf: await readRunsFor(database, userId, runs), payloads };
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
