import type { Receipt } from '../../schema/conversation';
import type { Row } from '../database/pool';
import type { NewEntry } from '../stream/stream';

/** Tells a user how far the other one of a single conversation has got. */
export interface ReceiptEntry extends NewEntry {
  readonly type: 'conversation.receipt';
  readonly conversationId: number;
  readonly data: Receipt;
}

/** How far a user has got in a conversation. */
interface Place {
  readonly conversationId: number;
  readonly userId: number;
  readonly deliveredSeq: number;
  readonly readSeq: number;
}

/** The members of the single conversations among these ids. Index: conversation PRIMARY, conversation_member PRIMARY. */
export function selectPeers(conversationIds: string): string {
  return `SELECT m.conversation_id, m.user_id FROM conversation c JOIN conversation_member m ON m.conversation_id = c.id WHERE c.id IN (${conversationIds}) AND c.type = 'single'`;
}

/** User ids of each single conversation, from the rows of `selectPeers`. */
export function peersOf(rows: readonly Row[]): Map<number, number[]> {
  const peers = new Map<number, number[]>();
  for (const row of rows) {
    const id = row.conversation_id as number;
    peers.set(id, [...(peers.get(id) ?? []), row.user_id as number]);
  }
  return peers;
}

/** The entry that tells the other user of a single conversation of a place; none in groups, and none to oneself. */
export function receiptFor(place: Place, peers: ReadonlyMap<number, readonly number[]>): ReceiptEntry[] {
  const { conversationId, userId, readSeq } = place;
  const receiverIds = (peers.get(conversationId) ?? []).filter(id => id !== userId);
  if (receiverIds.length === 0) return [];
  // What is read is delivered.
  const data = { deliveredSeq: Math.max(place.deliveredSeq, readSeq), readSeq };
  return [{ type: 'conversation.receipt', receiverIds, conversationId, data }];
}
