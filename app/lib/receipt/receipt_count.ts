import { sql, type Select } from '../database/statement';

/** Where a message is, and who wrote it. */
export interface MessagePlace {
  readonly conversationId: number;
  readonly seq: number;
  readonly senderId: number;
}

/** Counts of members: a sum is text, and null where there is nobody. */
export interface ReceiptCountRow {
  readonly total: number;
  readonly read: string | null;
  readonly delivered: string | null;
}

/**
 * How many of the members whom a message was for, which are all who were there but its sender, have got it and have read it.
 * A message that is read is delivered. Index: conversation_member PRIMARY, one range.
 */
export function countReceipts({ conversationId, seq, senderId }: MessagePlace): Select<ReceiptCountRow> {
  return sql(
    `SELECT COUNT(*) AS total, SUM(read_seq >= ${seq}) AS \`read\`,
      SUM(GREATEST(delivered_seq, read_seq) >= ${seq}) AS delivered
    FROM conversation_member
    WHERE conversation_id = ${conversationId} AND joined_seq < ${seq} AND user_id <> ${senderId}`,
  );
}
