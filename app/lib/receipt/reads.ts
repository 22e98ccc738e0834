import type { Database, Row, Transaction } from '../database/pool';
import { AppError } from '../../schema/errors';
import { CommitQueue } from '../queue/commit_queue';
import { peersOf, receiptFor, selectPeers } from './receipt_entry';
import { StreamAppender, lockInboxes, type Publication } from '../stream/stream';
import { countNotices, UNREAD } from './unread';

interface Read {
  readonly app: string;
  readonly userId: number;
  readonly conversationId: number;
  readonly seq: number;
}

export interface ReadState {
  readonly conversationId: string;
  readonly readSeq: number;
  readonly unread: number;
}

const BATCH = 200;

/** Moves members' read places, many in one transaction, and tells the reader's other devices and a single peer. */
export class Reads {
  private readonly queue;

  constructor(
    private readonly database: Database,
    private readonly publish: (publications: Publication[]) => void,
    limit: number,
  ) {
    this.queue = new CommitQueue<Read, ReadState>({
      commit: reads => this.commit(reads),
      take: reads => Math.min(reads.length, BATCH),
      limit,
    });
  }

  /**
   * Everything up to `seq` is read. A place before the present one changes nothing. Resolves with the place and the
   * unread count after it. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, INVALID_INPUT (no such message), BUSY, UNAVAILABLE.
   */
  read(read: Read): Promise<ReadState> {
    return this.queue.submit(read);
  }

  drain(): Promise<void> {
    return this.queue.drain();
  }

  private async commit(reads: readonly Read[]): Promise<(ReadState | AppError)[]> {
    const { results, publications } = await this.database.transaction(transaction => store(transaction, reads));
    if (publications.length > 0) setImmediate(() => this.publish(publications));
    return results;
  }
}

/** How far a member has read: before this batch, and by it. */
interface Place {
  readonly conversationId: number;
  readonly userId: number;
  readonly deliveredSeq: number;
  readonly before: number;
  readSeq: number;
  readCount: number;
  /** The member has marked the conversation as unread, and a read takes the mark away. */
  readonly marked: boolean;
  unmarked: boolean;
}

/** What a batch is about, its places locked. */
interface Batch {
  readonly conversations: ReadonlyMap<number, Row>;
  readonly places: ReadonlyMap<string, Place>;
  readonly peers: ReadonlyMap<number, readonly number[]>;
  /** How many messages count up to that place; undefined where there is no message. */
  readonly countAt: (read: Read) => number | undefined;
}

async function store(transaction: Transaction, reads: readonly Read[]) {
  const batch = await lock(transaction, reads);
  for (const read of reads) {
    const place = batch.places.get(keyOf(read.conversationId, read.userId));
    const count = batch.countAt(read);
    if (place && count !== undefined) move(place, read.seq, count);
  }
  const places = [...batch.places.values()];
  const changed = places.filter(place => place.readSeq > place.before || place.unmarked);
  const moved = changed.filter(place => place.readSeq > place.before);
  const receipts = moved.flatMap(place => receiptFor(place, batch.peers));
  const receiverIds = [...changed.map(place => place.userId), ...receipts.flatMap(each => each.receiverIds)];
  const locked = await transaction.query([...changed.map(save), ...lockInboxes(receiverIds)]);
  // After the streams are locked: a message that is not counted comes later in the reader's stream.
  const unreadOf = await countUnread(transaction, batch);
  const heads = new StreamAppender(locked.slice(changed.length));
  const publications = heads.addEntries([
    ...changed.map(place => {
      const { readSeq, userId, conversationId } = place;
      const data = { readSeq, unread: unreadOf(place) };
      return { type: 'conversation.read', receiverIds: [userId], conversationId, data };
    }),
    ...receipts,
  ]);
  await transaction.query([...heads.statements(), 'COMMIT']);
  return { results: reads.map(read => answer(read, batch, unreadOf)), publications };
}

async function lock(transaction: Transaction, reads: readonly Read[]): Promise<Batch> {
  const pairs = reads.map(each => `(${each.conversationId},${each.userId})`).join();
  const seqs = reads.map(each => `(${each.conversationId},${each.seq})`).join();
  const ids = [...new Set(reads.map(each => each.conversationId))].join();
  const [, members, messages, conversationRows, peers] = await transaction.query([
    'START TRANSACTION',
    // Index: conversation_member PRIMARY, forced because everybody locks these rows in its order.
    `SELECT conversation_id, user_id, read_seq, read_count, delivered_seq, marked_unread FROM conversation_member FORCE INDEX (PRIMARY) WHERE (conversation_id, user_id) IN (${pairs}) ORDER BY conversation_id, user_id FOR UPDATE`,
    // Index: message PRIMARY.
    `SELECT conversation_id, seq, count FROM message WHERE (conversation_id, seq) IN (${seqs})`,
    // Index: conversation PRIMARY.
    `SELECT id, app, type, purged_seq FROM conversation WHERE id IN (${ids})`,
    selectPeers(ids),
  ]);
  const conversations = new Map(conversationRows.map(row => [row.id as number, row]));
  const counts = new Map(messages.map(row => [keyOf(row.conversation_id, row.seq), row.count as number]));
  return {
    conversations,
    places: new Map(members.map(row => [keyOf(row.conversation_id, row.user_id), placeOf(row)])),
    peers: peersOf(peers),
    // What is purged is not counted any more, whatever the place says.
    countAt: ({ conversationId, seq }) =>
      counts.get(keyOf(conversationId, seq)) ??
      (seq <= Number(conversations.get(conversationId)?.purged_seq) ? 0 : undefined),
  };
}

function placeOf(row: Row): Place {
  return {
    conversationId: row.conversation_id as number,
    userId: row.user_id as number,
    deliveredSeq: row.delivered_seq as number,
    before: row.read_seq as number,
    readSeq: row.read_seq as number,
    readCount: row.read_count as number,
    marked: Boolean(row.marked_unread),
    unmarked: false,
  };
}

/** Never back; a mark goes also when the place stays. */
function move(place: Place, seq: number, count: number): void {
  place.unmarked = place.marked;
  if (seq <= place.readSeq) return;
  place.readSeq = seq;
  place.readCount = Math.max(place.readCount, count);
}

function save({ conversationId, userId, readSeq, readCount }: Place): string {
  return `UPDATE conversation_member SET read_seq = ${readSeq}, read_count = ${readCount}, marked_unread = 0 WHERE conversation_id = ${conversationId} AND user_id = ${userId}`;
}

async function countUnread(transaction: Transaction, batch: Batch): Promise<(place: Place) => number> {
  const places = [...batch.places.values()];
  const isSystem = ({ conversationId }: Place) => batch.conversations.get(conversationId)?.type === 'system';
  if (places.length === 0) return () => 0;
  const pairs = places.map(each => `(${each.conversationId},${each.userId})`).join();
  const systems = places.filter(isSystem);
  const [rows, notices = []] = await transaction.query([
    // Index: conversation_member PRIMARY, conversation PRIMARY.
    `SELECT m.conversation_id, m.user_id, ${UNREAD} AS unread FROM conversation_member m JOIN conversation c ON c.id = m.conversation_id WHERE (m.conversation_id, m.user_id) IN (${pairs})`,
    ...(systems.length > 0 ? [countNotices(systems)] : []),
  ]);
  // The counts of notices take the place of the differences.
  const counts = new Map(
    [...rows, ...notices].map(row => [keyOf(row.conversation_id, row.user_id), row.unread as number]),
  );
  return ({ conversationId, userId }) => counts.get(keyOf(conversationId, userId)) ?? 0;
}

function answer(read: Read, batch: Batch, unreadOf: (place: Place) => number): ReadState | AppError {
  const { app, userId, conversationId } = read;
  if (batch.conversations.get(conversationId)?.app !== app) return new AppError('CONVERSATION_NOT_FOUND');
  const place = batch.places.get(keyOf(conversationId, userId));
  if (!place) return new AppError('NOT_A_MEMBER');
  if (batch.countAt(read) === undefined)
    return new AppError('INVALID_INPUT', [{ path: '/seq', message: 'no such message' }]);
  return { conversationId: String(conversationId), readSeq: place.readSeq, unread: unreadOf(place) };
}

function keyOf(a: unknown, b: unknown): string {
  return `${a}:${b}`;
}
