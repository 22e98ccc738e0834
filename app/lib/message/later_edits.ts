import type { Read } from '../database/session';
import { sql } from '../database/statement';
import type { StoredMessage } from './row';

interface Membership {
  readonly group_id: number;
  /** Of the membership that has ended. */
  readonly former_seq: number;
  readonly left_at: Date;
  /** Of that since; null when there is none. */
  readonly joined_seq: number | null;
}

/**
 * Tells messages whose present text a user may not see, because it was edited after they had left the group: what they could see
 * is not kept, so that these are left out of their stream. Nothing is asked of the database where nothing was edited.
 */
export async function findLaterEdits(
  read: Read,
  userId: number,
  messages: readonly StoredMessage[],
): Promise<(message: StoredMessage) => boolean> {
  const ids = new Set(messages.filter(each => each.editedAt).map(each => each.conversationId));
  if (ids.size === 0) return () => false;
  // Index: former_member PRIMARY, conversation_member PRIMARY.
  const rows = await read(
    sql<Membership>(
      `SELECT f.group_id, f.joined_seq AS former_seq, f.left_at, m.joined_seq
      FROM former_member f LEFT JOIN conversation_member m ON m.conversation_id = f.group_id AND m.user_id = f.user_id
      WHERE f.group_id IN (${[...ids].join()}) AND f.user_id = ${userId}`,
    ),
  );
  const memberships = new Map(rows.map(row => [row.group_id, row]));
  return ({ conversationId, seq, editedAt }) => {
    const membership = memberships.get(conversationId);
    if (!membership || !editedAt) return false;
    const { joined_seq: joined, former_seq: former, left_at: leftAt } = membership;
    const isSeenNow = joined !== null && seq > joined;
    // Of an edit in the same millisecond nobody knows whether it was before.
    return !isSeenNow && (seq <= former || editedAt >= leftAt);
  };
}
