import type { Query } from '../database/session';
import { select } from '../database/statement';
import type { LockedConversation } from './locked_conversation';

/** Takes messages that a member has not read out of the counts, so that unread stays a subtraction. */
export async function uncount(query: Query, { id }: LockedConversation, seqs: readonly number[]): Promise<void> {
  // A SELECT locks the rows: an UPDATE alone would miss a read place that another transaction is just moving past
  // these messages. Index: conversation_member PRIMARY.
  const locked = `WHERE conversation_id = ${id} ORDER BY user_id FOR UPDATE`;
  const [places] = await query([select('conversation_member', ['read_seq'], locked)]);
  const unread = seqs.filter(seq => places.some(place => place.read_seq < seq));
  if (unread.length === 0) return;
  const from = Math.min(...unread);
  const uncountedUpTo = (place: string) => unread.map(seq => `(${place} >= ${seq})`).join(' + ');
  await query([
    // Index: message PRIMARY, one range.
    `UPDATE message SET count = count - (${uncountedUpTo('seq')}) WHERE conversation_id = ${id} AND seq >= ${from}`,
    // Index: conversation_member PRIMARY.
    `UPDATE conversation_member SET read_count = read_count - (${uncountedUpTo('read_seq')})
    WHERE conversation_id = ${id} AND read_seq >= ${from}`,
    // Index: conversation PRIMARY.
    `UPDATE conversation SET count = count - ${unread.length} WHERE id = ${id}`,
  ]);
}
