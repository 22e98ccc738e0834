import type { NewEntry } from '../stream/entry';
import { sql, type Select } from '../database/statement';

/** How far a user has got in a conversation. */
interface Place {
  readonly conversationId: number;
  readonly userId: number;
  readonly deliveredSeq: number;
  readonly readSeq: number;
}

interface PeerRow {
  readonly conversation_id: number;
  readonly user_id: number;
}

/** The members of the single conversations among these ids. Index: conversation PRIMARY, conversation_member PRIMARY. */
export function selectPeers(conversationIds: Iterable<number>): Select<PeerRow> {
  return sql(
    `SELECT m.conversation_id, m.user_id FROM conversation c JOIN conversation_member m ON m.conversation_id = c.id
    WHERE c.id IN (${[...conversationIds].join()}) AND c.type = 'single'`,
  );
}

/** User ids of each single conversation, from the rows of `selectPeers`. */
export function peersOf(rows: readonly PeerRow[]): Map<number, number[]> {
  const peers = new Map<number, number[]>();
  for (const { conversation_id: id, user_id: userId } of rows) peers.set(id, [...(peers.get(id) ?? []), userId]);
  return peers;
}

/** The entry that tells the other user of a single conversation of a place; none in groups, and none to oneself. */
export function receiptFor(place: Place, peers: ReadonlyMap<number, readonly number[]>): NewEntry[] {
  const { conversationId, userId, readSeq } = place;
  const receiverIds = (peers.get(conversationId) ?? []).filter(id => id !== userId);
  if (receiverIds.length === 0) return [];
  // What is read is delivered.
  const data = { deliveredSeq: Math.max(place.deliveredSeq, readSeq), readSeq };
  return [{ type: 'conversation.receipt', receiverIds, conversationId, data }];
}
