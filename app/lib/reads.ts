import type { Database, Row, Transaction } from './database';
import { AppError } from './errors';
import { Lane } from './lane';
import { Heads, lockInboxes, type Publication } from './stream';

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

/** Moves members' read places, many in one transaction, and tells the reader's other devices. */
export class Reads {
  private readonly lane;

  constructor(
    private readonly database: Database,
    private readonly publish: (publications: Publication[]) => void,
    limit: number,
  ) {
    this.lane = new Lane<Read, ReadState>({
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
    return this.lane.submit(read);
  }

  drain(): Promise<void> {
    return this.lane.drain();
  }

  private async commit(reads: readonly Read[]): Promise<(ReadState | AppError)[]> {
    const { results, publications } = await this.database.transaction(transaction => store(transaction, reads));
    if (publications.length > 0) setImmediate(() => this.publish(publications));
    return results;
  }
}

interface Place {
  readonly conversationId: number;
  readonly userId: number;
  readSeq: number;
  readCount: number;
  moved: boolean;
}

/** Locks the places, then the streams; what is unread is counted under both. */
async function store(transaction: Transaction, reads: readonly Read[]) {
  const pairs = [...new Set(reads.map(each => `(${each.conversationId},${each.userId})`))].join();
  const seqs = [...new Set(reads.map(each => `(${each.conversationId},${each.seq})`))].join();
  const [, memberRows, messageRows] = await transaction.query([
    'START TRANSACTION',
    // Index: conversation_member PRIMARY.
    `SELECT conversation_id, user_id, read_seq, read_count FROM conversation_member WHERE (conversation_id, user_id) IN (${pairs}) ORDER BY conversation_id, user_id FOR UPDATE`,
    // Index: message PRIMARY.
    `SELECT conversation_id, seq, count FROM message WHERE (conversation_id, seq) IN (${seqs})`,
  ]);
  const counts = new Map(messageRows.map(row => [keyOf(row.conversation_id, row.seq), row.count as number]));
  const places = new Map(memberRows.map(row => [keyOf(row.conversation_id, row.user_id), placeOf(row)]));
  for (const { userId, conversationId, seq } of reads) {
    const place = places.get(keyOf(conversationId, userId));
    const count = counts.get(keyOf(conversationId, seq));
    if (place && count !== undefined && seq > place.readSeq) {
      Object.assign(place, { readSeq: seq, readCount: count, moved: true });
    }
  }

  const moved = [...places.values()].filter(place => place.moved);
  const locked = await transaction.query([...save(moved), ...lockInboxes(moved.map(place => place.userId))]);
  // The counts are read after the inboxes are locked: a message they do not include comes later in the reader's stream.
  const [conversations] = await transaction.query([
    // Index: conversation PRIMARY.
    `SELECT id, app, count FROM conversation WHERE id IN (${reads.map(each => each.conversationId).join()})`,
  ]);
  const found = new Map(conversations.map(row => [row.id as number, row]));
  const stateOf = (place: Place): ReadState => ({
    conversationId: String(place.conversationId),
    readSeq: place.readSeq,
    unread: (found.get(place.conversationId)!.count as number) - place.readCount,
  });
  const heads = new Heads(locked.slice(moved.length));
  const publications = heads.addEntries(
    moved.map(place => {
      const { readSeq, unread } = stateOf(place);
      const { userId: receiverId, conversationId } = place;
      return { receiverId, type: 'conversation.read', conversationId, data: { readSeq, unread } };
    }),
  );
  await transaction.query([...heads.statements(), 'COMMIT']);

  const results = reads.map(({ app, userId, conversationId, seq }) => {
    if (found.get(conversationId)?.app !== app) return new AppError('CONVERSATION_NOT_FOUND');
    const place = places.get(keyOf(conversationId, userId));
    if (!place) return new AppError('NOT_A_MEMBER');
    if (!counts.has(keyOf(conversationId, seq)))
      return new AppError('INVALID_INPUT', [{ path: '/seq', message: 'no such message' }]);
    return stateOf(place);
  });
  return { results, publications };
}

function placeOf(row: Row): Place {
  return {
    conversationId: row.conversation_id as number,
    userId: row.user_id as number,
    readSeq: row.read_seq as number,
    readCount: row.read_count as number,
    moved: false,
  };
}

function save(places: readonly Place[]): string[] {
  return places.map(
    ({ conversationId, userId, readSeq, readCount }) =>
      `UPDATE conversation_member SET read_seq = ${readSeq}, read_count = ${readCount} WHERE conversation_id = ${conversationId} AND user_id = ${userId}`,
  );
}

function keyOf(a: unknown, b: unknown): string {
  return `${a}:${b}`;
}
