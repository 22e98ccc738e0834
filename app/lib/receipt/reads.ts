import { select, sql, tuples, upsert, type Select } from '../database/statement';
import type { Tables } from '../database/tables';
import { AppError, invalidInput } from '../../schema/errors';
import type { ReadState } from '../../schema/conversation';
import { CommitQueue, upTo } from '../queue/commit_queue';
import type { Bounds } from '../queue/fair_queue';
import type { RunUnit, UnitOfWork } from '../unit_of_work';
import { COUNT } from '../message/uncount';
import { peersOf, receiptFor, selectPeers } from './receipt_entry';
import { countNotices, UNREAD, type UnreadNotices } from './unread';

interface Read {
  readonly app: string;
  readonly userId: number;
  readonly conversationId: number;
  readonly seq: number;
}

const BATCH = 200;

/** Moves members' read places, many in one transaction, and tells the reader's other devices and a single peer. */
export class Reads {
  private readonly queue;

  constructor(run: RunUnit, bounds: Bounds) {
    this.queue = new CommitQueue<Read, ReadState>({
      ...bounds,
      commit: reads => run(unit => store(unit, reads)),
      batch: upTo(BATCH),
      ownerOf: read => read.userId,
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
}

type MemberRow = Pick<
  Tables['conversation_member'],
  'conversation_id' | 'user_id' | 'read_seq' | 'read_count' | 'delivered_seq' | 'marked_unread'
>;

/** How far a member has read: before this batch, and by it. */
class Place {
  readonly conversationId: number;
  readonly userId: number;
  readonly deliveredSeq: number;
  readSeq: number;
  readCount: number;
  /** It takes away the mark that the member has put to the conversation. */
  private isUnmarked = false;

  constructor(private readonly row: MemberRow) {
    this.conversationId = row.conversation_id;
    this.userId = row.user_id;
    this.deliveredSeq = row.delivered_seq;
    this.readSeq = row.read_seq;
    this.readCount = row.read_count;
  }

  /** Never back; a mark goes also when the place stays. */
  move(seq: number, count: number): void {
    this.isUnmarked = this.row.marked_unread === 1;
    if (seq <= this.readSeq) return;
    this.readSeq = seq;
    this.readCount = Math.max(this.readCount, count);
  }

  get hasMoved(): boolean {
    return this.readSeq > this.row.read_seq;
  }

  get hasChanged(): boolean {
    return this.hasMoved || this.isUnmarked;
  }
}

/** What a batch is about, its places locked. */
interface Batch {
  readonly conversations: ReadonlyMap<number, Pick<Tables['conversation'], 'app' | 'type' | 'purged_seq'>>;
  readonly places: ReadonlyMap<string, Place>;
  readonly peers: ReadonlyMap<number, readonly number[]>;
  /** How many messages count up to that place; undefined where there is no message. */
  readonly countAt: (read: Read) => number | undefined;
}

async function store(unit: UnitOfWork, reads: readonly Read[]): Promise<(ReadState | AppError)[]> {
  const batch = await lock(unit, reads);
  for (const read of reads) {
    const count = batch.countAt(read);
    if (count !== undefined) batch.places.get(keyOf(read.conversationId, read.userId))?.move(read.seq, count);
  }
  const changed = [...batch.places.values()].filter(place => place.hasChanged);
  const receipts = changed.filter(place => place.hasMoved).flatMap(place => receiptFor(place, batch.peers));
  if (changed.length > 0) unit.defer(save(changed));
  const streams = [...changed.map(place => place.userId), ...receipts.flatMap(each => each.receiverIds)];
  const counts = selectUnread(batch);
  // After the streams are locked: a message that is not counted comes later in the reader's stream.
  const counted = await (streams.length > 0 ? unit.lockStreams(streams, counts) : unit.session.query(counts));
  const unreadBy = new Map(counted.flat().map(row => [keyOf(row.conversation_id, row.user_id), row.unread]));
  const unreadOf = ({ conversationId, userId }: Place) => unreadBy.get(keyOf(conversationId, userId)) ?? 0;
  for (const place of changed) {
    const { readSeq, userId, conversationId } = place;
    const data = { readSeq, unread: unreadOf(place) };
    unit.record({ type: 'conversation.read', receiverIds: [userId], conversationId, data });
  }
  for (const receipt of receipts) unit.record(receipt);
  return reads.map(read => answer(read, batch, unreadOf));
}

async function lock(unit: UnitOfWork, reads: readonly Read[]): Promise<Batch> {
  const ids = new Set(reads.map(each => each.conversationId));
  const [members, messages, conversations, peers] = await unit.session.query([
    // Index: conversation_member PRIMARY, forced because everybody locks these rows in its order.
    select(
      'conversation_member',
      ['conversation_id', 'user_id', 'read_seq', 'read_count', 'delivered_seq', 'marked_unread'],
      `FORCE INDEX (PRIMARY)
      WHERE (conversation_id, user_id) IN (${tuples(reads.map(each => [each.conversationId, each.userId]))})
      ORDER BY conversation_id, user_id FOR UPDATE`,
    ),
    // Index: message PRIMARY.
    sql<Pick<Tables['message'], 'conversation_id' | 'seq' | 'count'>>(
      `SELECT conversation_id, seq, ${COUNT} AS count FROM message
      WHERE (conversation_id, seq) IN (${tuples(reads.map(each => [each.conversationId, each.seq]))})`,
    ),
    // Index: conversation PRIMARY.
    select('conversation', ['id', 'app', 'type', 'purged_seq'], `WHERE id IN (${[...ids].join()})`),
    selectPeers(ids),
  ]);
  const byId = new Map(conversations.map(row => [row.id, row]));
  const counts = new Map(messages.map(row => [keyOf(row.conversation_id, row.seq), row.count]));
  return {
    conversations: byId,
    places: new Map(members.map(row => [keyOf(row.conversation_id, row.user_id), new Place(row)])),
    peers: peersOf(peers),
    // What is purged is not counted any more, whatever the place says.
    countAt: ({ conversationId, seq }) =>
      counts.get(keyOf(conversationId, seq)) ?? (seq <= (byId.get(conversationId)?.purged_seq ?? 0) ? 0 : undefined),
  };
}

/** All places in one statement; the rows are there, and locked. */
function save(places: readonly Place[]): string {
  const rows = places.map(
    ({ conversationId, userId, readSeq, readCount }) =>
      `(${conversationId},${userId},${readSeq},${readCount},0,UTC_TIMESTAMP())`,
  );
  const columns = 'conversation_id, user_id, read_seq, read_count, marked_unread, joined_at';
  const moved = ['read_seq', 'read_count', 'marked_unread'].map(name => `${name} = VALUES(${name})`);
  return upsert('conversation_member', columns, rows, moved.join());
}

/** What is unread at these places. */
function selectUnread({ places, conversations }: Batch): Select<UnreadNotices>[] {
  const all = [...places.values()];
  if (all.length === 0) return [];
  const systems = all.filter(place => conversations.get(place.conversationId)?.type === 'system');
  const pairs = tuples(all.map(each => [each.conversationId, each.userId]));
  return [
    // Index: conversation_member PRIMARY, conversation PRIMARY.
    sql<UnreadNotices>(
      `SELECT m.conversation_id, m.user_id, ${UNREAD} AS unread
      FROM conversation_member m JOIN conversation c ON c.id = m.conversation_id
      WHERE (m.conversation_id, m.user_id) IN (${pairs})`,
    ),
    // The counts of notices take the place of the differences.
    ...(systems.length > 0 ? [countNotices(systems)] : []),
  ];
}

function answer(read: Read, batch: Batch, unreadOf: (place: Place) => number): ReadState | AppError {
  const { app, userId, conversationId } = read;
  if (batch.conversations.get(conversationId)?.app !== app) return new AppError('CONVERSATION_NOT_FOUND');
  const place = batch.places.get(keyOf(conversationId, userId));
  if (!place) return new AppError('NOT_A_MEMBER');
  if (batch.countAt(read) === undefined) {
    return invalidInput('/seq', 'no such message');
  }
  return { conversationId: String(conversationId), readSeq: place.readSeq, unread: unreadOf(place) };
}

function keyOf(a: number, b: number): string {
  return `${a}:${b}`;
}
