import { sql, type Select } from '../database/statement';
import { MESSAGE_COLUMNS, type MessageRow } from './row';

/** A message that a member does not see, or up to which one sees nothing. */
export interface Unseen {
  readonly user_id: number;
  readonly seq: number;
}

type WithSender = MessageRow & { readonly of_owner: number };

/** Messages, and whether the owner of the group has written them. Index: message PRIMARY, conversation_member PRIMARY. */
export function selectWithSender(conversationId: number, seqs: readonly number[]): Select<WithSender> {
  return sql(
    `SELECT ${MESSAGE_COLUMNS.join()}, EXISTS(SELECT 1 FROM conversation_member m
      WHERE m.conversation_id = message.conversation_id AND m.user_id = message.sender_id AND m.role = 'owner') AS of_owner
    FROM message WHERE conversation_id = ${conversationId} AND seq IN (${seqs.join()})`,
  );
}

/** All members of a system conversation would be all users of a tenant, and nobody is told of changes there. */
const IN = (id: number) => `ON x.conversation_id = c.id WHERE c.id = ${id} AND c.type <> 'system'`;

/**
 * The members who have come, or cleared the history, after the first of these messages, and up to where they see nothing. Index:
 * conversation PRIMARY, conversation_member PRIMARY, one range.
 */
export function selectLater(conversationId: number, seqs: readonly number[]): Select<Unseen> {
  const first = Math.min(...seqs);
  const isLater = seqs.length > 0 ? `(x.joined_seq >= ${first} OR x.cleared_seq >= ${first})` : 'FALSE';
  return sql(
    `SELECT x.user_id, GREATEST(x.joined_seq, x.cleared_seq) AS seq
    FROM conversation c JOIN conversation_member x ${IN(conversationId)} AND ${isLater}`,
  );
}

/** What members have deleted of these messages for themselves. Index: conversation PRIMARY, message_hidden_conversation. */
export function selectHidden(conversationId: number, seqs: readonly number[]): Select<Unseen> {
  const isOne = seqs.length > 0 ? `x.seq IN (${seqs.join()})` : 'FALSE';
  return sql(`SELECT x.user_id, x.seq FROM conversation c JOIN message_hidden x ${IN(conversationId)} AND ${isOne}`);
}
