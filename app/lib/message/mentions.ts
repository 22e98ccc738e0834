import type { Query } from '../database/session';
import { sql } from '../database/statement';
import type { LockedConversation } from './locked_conversation';

/**
 * How many earlier messages are searched for another mention of members whom a message does not mention any more. The
 * bound keeps a recall fast when a member has not read for a year.
 */
const LOOK_BACK = 5000;

/**
 * Moves the mark of members whom one of these messages mentioned last to the latest unread one that still mentions
 * them.
 */
export async function settleMentions(
  query: Query,
  { id, mentionAllSeq }: LockedConversation,
  seqs: readonly number[],
): Promise<void> {
  const to = Math.max(...seqs);
  const from = Math.max(0, to - LOOK_BACK);
  const isAll = seqs.includes(mentionAllSeq);
  // Index: message PRIMARY, one range.
  const lastOfAll = `SELECT COALESCE(MAX(seq), 0) AS seq FROM message
    WHERE conversation_id = ${id} AND seq BETWEEN ${from} AND ${to} AND mention_all = 1`;
  // Index: conversation_member PRIMARY.
  const mentioned = `conversation_id = ${id} AND mentioned_seq IN (${seqs.join()})`;
  const [[{ read }]] = await query(
    [sql<{ read: number | null }>(`SELECT MIN(read_seq) AS \`read\` FROM conversation_member WHERE ${mentioned}`)],
    isAll ? [`UPDATE conversation SET mention_all_seq = (${lastOfAll}) WHERE id = ${id}`] : [],
  );
  if (read === null) return;
  // Index: conversation_member PRIMARY, message PRIMARY, one range of what is unread.
  const stillMentioned = `SELECT MAX(n.seq) FROM message n
    WHERE n.conversation_id = ${id} AND n.seq BETWEEN ${Math.max(from, read + 1)} AND ${to}
      AND n.seq > m.read_seq AND n.mentions LIKE CONCAT('%"', m.user_id, '"%')`;
  await query([`UPDATE conversation_member m SET mentioned_seq = COALESCE((${stillMentioned}), 0) WHERE ${mentioned}`]);
}
