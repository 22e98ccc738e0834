import type { Query } from '../database/session';
import { select } from '../database/statement';
import type { LockedConversation } from './locked_conversation';

/**
 * How many messages count up to a message, in SQL, where `message` is one: what it was stored with, less those up to it that have
 * been taken out of the counts since. Index: message_uncounted PRIMARY, one range.
 */
export const COUNT = `message.count - (SELECT COUNT(*) FROM message_uncounted u WHERE u.conversation_id = message.conversation_id
  AND u.until_seq >= message.seq AND u.seq <= message.seq)`;

/**
 * Takes messages that a member has not read out of the counts, so that unread stays a subtraction. It is written down of which
 * messages the counts are too high by them, and not put right in each: there may be any number.
 */
export async function uncount(
  query: Query,
  { id, lastSeq }: LockedConversation,
  seqs: readonly number[],
): Promise<void> {
  // A SELECT locks the rows: an UPDATE alone would miss a read place that another transaction is just moving past
  // these messages. Index: conversation_member PRIMARY.
  const locked = `WHERE conversation_id = ${id} ORDER BY user_id FOR UPDATE`;
  const [places] = await query([select('conversation_member', ['read_seq'], locked)]);
  const read = Math.min(...places.map(place => place.read_seq));
  const unread = seqs.filter(seq => seq > read);
  if (unread.length === 0) return;
  const rows = unread.map(seq => `(${id},${lastSeq},${seq})`);
  const readBy = unread.map(seq => `(read_seq >= ${seq})`).join(' + ');
  await query([
    // Everybody has read on from these, and nobody goes back. Index: message_uncounted PRIMARY, one range.
    `DELETE FROM message_uncounted WHERE conversation_id = ${id} AND until_seq <= ${read}`,
    `INSERT INTO message_uncounted (conversation_id, until_seq, seq) VALUES ${rows.join()}`,
    // Index: conversation_member PRIMARY.
    `UPDATE conversation_member SET read_count = read_count - (${readBy})
    WHERE conversation_id = ${id} AND read_seq >= ${Math.min(...unread)}`,
    // Index: conversation PRIMARY.
    `UPDATE conversation SET count = count - ${unread.length} WHERE id = ${id}`,
  ]);
}
