import { tellsDelivery } from '../../policy/presence';
import type { Audience } from '../../schema/user';
import { select, sql, tuples, upsert, type Select } from '../database/statement';
import type { UnitOfWork } from '../unit_of_work';
import { peersOf, receiptFor, selectPeers } from './receipt_entry';

/** A device of a user has all of a single conversation up to a place. */
export interface Delivered {
  readonly userId: number;
  readonly conversationId: number;
  readonly seq: number;
}

/** Moves the places up to which messages are delivered, in their order, and records the entries that tell so. */
export async function deliver(unit: UnitOfWork, delivered: readonly Delivered[]): Promise<void> {
  const seqs = new Map<string, number>();
  for (const { conversationId, userId, seq } of delivered) {
    const key = keyOf(conversationId, userId);
    seqs.set(key, Math.max(seq, seqs.get(key) ?? 0));
  }
  const pairs = tuples(delivered.map(each => [each.conversationId, each.userId]));
  const [members, peerRows, readers] = await unit.session.query([
    // Index: conversation_member PRIMARY, forced because everybody locks these rows in its order.
    select(
      'conversation_member',
      ['conversation_id', 'user_id', 'delivered_seq', 'read_seq'],
      `FORCE INDEX (PRIMARY) WHERE (conversation_id, user_id) IN (${pairs}) ORDER BY conversation_id, user_id FOR UPDATE`,
    ),
    selectPeers(new Set(delivered.map(each => each.conversationId))),
    selectReaders(pairs),
  ]);
  // What is not told is not stored, so that a list never knows more than the streams.
  const told = new Set(
    readers
      .filter(row => tellsDelivery(row.audience, row.befriended === 1))
      .map(row => keyOf(row.conversation_id, row.user_id)),
  );
  const places = members.flatMap(({ conversation_id: conversationId, user_id: userId, read_seq: readSeq, ...row }) => {
    const deliveredSeq = seqs.get(keyOf(conversationId, userId)) ?? 0;
    const isNews = deliveredSeq > Math.max(row.delivered_seq, readSeq) && told.has(keyOf(conversationId, userId));
    return isNews ? [{ conversationId, userId, readSeq, deliveredSeq }] : [];
  });
  if (places.length === 0) return;
  const peers = peersOf(peerRows);
  for (const entry of places.flatMap(place => receiptFor(place, peers))) unit.record(entry);
  const values = places.map(each => `(${each.conversationId},${each.userId},${each.deliveredSeq},UTC_TIMESTAMP())`);
  const columns = 'conversation_id, user_id, delivered_seq, joined_at';
  unit.defer(upsert('conversation_member', columns, values, 'delivered_seq = VALUES(delivered_seq)'));
}

interface Reader {
  readonly conversation_id: number;
  readonly user_id: number;
  /** To whom the user's presence is shown. */
  readonly audience: Audience;
  /** The other user is a friend, and not blocked. */
  readonly befriended: number;
}

/** Whom it may be told. Index: PRIMARY of conversation_member, user, friend and block. */
function selectReaders(pairs: string): Select<Reader> {
  return sql(
    `SELECT m.conversation_id, m.user_id, IF(u.hide_presence, 'nobody', u.allow_presence) AS audience,
      EXISTS (
        SELECT 1 FROM conversation_member peer JOIN friend f ON f.user_id = m.user_id AND f.friend_id = peer.user_id
          LEFT JOIN block b ON b.user_id = m.user_id AND b.blocked_id = peer.user_id
        WHERE peer.conversation_id = m.conversation_id AND peer.user_id <> m.user_id AND b.user_id IS NULL
      ) AS befriended
    FROM conversation_member m JOIN user u ON u.id = m.user_id WHERE (m.conversation_id, m.user_id) IN (${pairs})`,
  );
}

function keyOf(conversationId: number, userId: number): string {
  return `${conversationId}:${userId}`;
}
