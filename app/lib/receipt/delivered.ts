import { tellsDelivery } from '../../policy/presence';
import type { Audience } from '../../schema/user';
import type { Database } from '../database/pool';
import { select, sql, tuples, type Select } from '../database/statement';
import type { UnitOfWork } from '../unit_of_work';
import { receiptFor } from './receipt_entry';

/** A device of a user has all of a single conversation up to a place. */
export interface Delivered {
  readonly userId: number;
  readonly conversationId: number;
  readonly seq: number;
}

/** A place that is news to the other user of its conversation. */
interface News extends Delivered {
  readonly peerId: number;
}

const COLUMNS = ['conversation_id', 'user_id', 'delivered_seq', 'read_seq'] as const;

/**
 * Which of these places the other user is to be told of, as it stands now. Nothing is locked meanwhile: who writes in one of these
 * conversations does not wait.
 */
export async function findNews(database: Database, delivered: readonly Delivered[]): Promise<News[]> {
  const seqs = new Map<string, number>();
  for (const { conversationId, userId, seq } of delivered) {
    const key = keyOf(conversationId, userId);
    seqs.set(key, Math.max(seq, seqs.get(key) ?? 0));
  }
  const rows = await database.select(selectPlaces(tuples(delivered.map(each => [each.conversationId, each.userId]))));
  return rows.flatMap(({ conversation_id: conversationId, user_id: userId, peer_id: peerId, known_seq, ...row }) => {
    const seq = seqs.get(keyOf(conversationId, userId))!;
    // What is not told is not stored, so that a list never knows more than the streams.
    const isTold = seq > known_seq && tellsDelivery(row.audience, row.befriended === 1);
    return isTold ? [{ conversationId, userId, peerId, seq }] : [];
  });
}

/**
 * Moves the places up to which messages are delivered, in their order, and records the entries that tell so. Where somebody else
 * has moved one meanwhile, it is told twice.
 */
export async function deliver(unit: UnitOfWork, news: readonly News[]): Promise<void> {
  unit.defer(movePlaces(news));
  const pairs = tuples(news.map(each => [each.conversationId, each.userId]));
  // Index: conversation_member PRIMARY.
  const [places] = await unit.lockStreams(
    news.map(each => each.peerId),
    [select('conversation_member', COLUMNS, `WHERE (conversation_id, user_id) IN (${pairs})`)],
  );
  const peers = new Map(news.map(each => [each.conversationId, [each.userId, each.peerId]]));
  for (const { conversation_id: conversationId, user_id: userId, ...row } of places) {
    const place = { conversationId, userId, deliveredSeq: row.delivered_seq, readSeq: row.read_seq };
    // What is read is delivered, and has been told.
    if (place.deliveredSeq <= place.readSeq) continue;
    for (const entry of receiptFor(place, peers)) unit.record(entry);
  }
}

interface Place {
  readonly conversation_id: number;
  readonly user_id: number;
  readonly peer_id: number;
  /** Up to where the peer has been told already. */
  readonly known_seq: number;
  /** To whom the user's presence is shown. */
  readonly audience: Audience;
  /** The peer is a friend, and not blocked. */
  readonly befriended: number;
}

/** Index: PRIMARY of conversation_member, user, friend and block. */
function selectPlaces(pairs: string): Select<Place> {
  return sql(
    `SELECT m.conversation_id, m.user_id, peer.user_id AS peer_id, GREATEST(m.delivered_seq, m.read_seq) AS known_seq,
      IF(u.hide_presence, 'nobody', u.allow_presence) AS audience, f.user_id IS NOT NULL AND b.user_id IS NULL AS befriended
    FROM conversation_member m
      JOIN conversation_member peer ON peer.conversation_id = m.conversation_id AND peer.user_id <> m.user_id
      JOIN user u ON u.id = m.user_id
      LEFT JOIN friend f ON f.user_id = m.user_id AND f.friend_id = peer.user_id
      LEFT JOIN block b ON b.user_id = m.user_id AND b.blocked_id = peer.user_id
    WHERE (m.conversation_id, m.user_id) IN (${pairs})`,
  );
}

/** None goes back, and the rows are locked in the order in which everybody locks them. Index: conversation_member PRIMARY. */
function movePlaces(news: readonly News[]): string {
  const sorted = [...news].sort((a, b) => a.conversationId - b.conversationId || a.userId - b.userId);
  const rows = sorted.map(
    ({ conversationId, userId, seq }) =>
      `SELECT ${conversationId} AS conversation_id, ${userId} AS user_id, ${seq} AS seq`,
  );
  return `UPDATE (${rows.join(' UNION ALL ')}) n
    STRAIGHT_JOIN conversation_member m ON m.conversation_id = n.conversation_id AND m.user_id = n.user_id
    SET m.delivered_seq = n.seq WHERE m.delivered_seq < n.seq`;
}

function keyOf(conversationId: number, userId: number): string {
  return `${conversationId}:${userId}`;
}
