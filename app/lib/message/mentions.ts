import type { LockedConversation } from './locked_conversation';
import type { StoredMessage } from './row';

type Mentioning = Pick<StoredMessage, 'seq' | 'mentions'>;

/**
 * How many earlier messages are searched for another mention of members whom a message does not mention any more. The
 * bound keeps a recall fast when a member has not read for a year.
 */
const LOOK_BACK = 5000;

/**
 * Statements that move the mark of members whom one of these messages mentioned last to the latest unread one that still mentions
 * them. They come after that which has changed the messages.
 */
export function settleMentions({ id }: LockedConversation, seqs: readonly number[]): string[] {
  const to = Math.max(...seqs);
  const from = Math.max(0, to - LOOK_BACK);
  // Index: message PRIMARY, one range.
  const lastOfAll = `SELECT COALESCE(MAX(seq), 0) AS seq FROM message
    WHERE conversation_id = ${id} AND seq BETWEEN ${from} AND ${to} AND mention_all = 1`;
  // Index: conversation_member PRIMARY.
  const mentioned = `conversation_id = ${id} AND mentioned_seq IN (${seqs.join()})`;
  // A variable, because the beginning of a range must be a constant. Index: conversation_member PRIMARY, message PRIMARY, one range of
  // what is unread.
  const stillMentioned = `SELECT MAX(n.seq) FROM message n
    WHERE n.conversation_id = ${id} AND n.seq BETWEEN GREATEST(${from}, @read + 1) AND ${to}
      AND n.seq > m.read_seq AND n.mentions LIKE CONCAT('%"', m.user_id, '"%')`;
  return [
    // Index: conversation PRIMARY.
    `UPDATE conversation SET mention_all_seq = (${lastOfAll}) WHERE id = ${id} AND mention_all_seq IN (${seqs.join()})`,
    `SET @read = (SELECT MIN(read_seq) FROM conversation_member WHERE ${mentioned})`,
    `UPDATE conversation_member m SET mentioned_seq = COALESCE((${stillMentioned}), 0) WHERE ${mentioned}`,
  ];
}

/**
 * Statements that mark the members whom an edited message mentions now, and take the mark from those whom it does not mention any
 * more. They come after that which has changed the message.
 */
export function moveMentions(conversation: LockedConversation, before: Mentioning, after: Mentioning): string[] {
  const { seq } = after;
  const [old, now] = [before, after].map(each => (JSON.parse(each.mentions ?? '[]') as string[]).map(Number));
  const added = now.filter(id => !old.includes(id));
  return [
    // Index: conversation_member PRIMARY.
    ...(added.length > 0
      ? [
          `UPDATE conversation_member SET mentioned_seq = ${seq}
          WHERE conversation_id = ${conversation.id} AND user_id IN (${added.join()}) AND mentioned_seq < ${seq}`,
        ]
      : []),
    ...(old.some(id => !now.includes(id)) ? settleMentions(conversation, [seq]) : []),
  ];
}
