import { literal, sql, type Select } from '../database/statement';

/** Where a message is, and who wrote it. */
export interface MessagePlace {
  readonly conversationId: number;
  readonly seq: number;
  readonly senderId: number;
  readonly sentAt: Date;
}

/** Counts of members: a sum is text, and null where there is nobody. */
export interface ReceiptCountRow {
  readonly total: number;
  readonly read: string | null;
  readonly delivered: string | null;
}

/** Entries that streams may hold in another order than that in which what they tell was dated. */
const DISORDER = 20;

/**
 * How many of the members whom a message was for, which are all who were there but its sender, have got it and have read it.
 * A message that is read is delivered. In a group one is delivered when a device has acknowledged all up to it: the first entry that it
 * lacks was made later, and this message is not close behind that; or it lacks nothing. Index: PRIMARY of conversation_member, one
 * range, and of device, push_history and user_inbox.
 */
export function countReceipts({ conversationId, seq, senderId, sentAt }: MessagePlace): Select<ReceiptCountRow> {
  return sql(
    `SELECT COUNT(*) AS total, SUM(m.read_seq >= ${seq}) AS \`read\`,
      SUM(GREATEST(m.delivered_seq, m.read_seq) >= ${seq} OR c.type = 'group' AND EXISTS (
        SELECT 1 FROM device d JOIN user_inbox i ON i.user_id = d.user_id
          LEFT JOIN push_history p ON p.receiver_id = d.user_id AND p.sync_seq = d.acked_seq + 1
        WHERE d.user_id = m.user_id AND IF(p.sync_seq IS NULL, d.acked_seq >= i.last_seq,
          p.created_at > ${literal(sentAt)} AND NOT EXISTS (
            SELECT 1 FROM push_history q WHERE q.receiver_id = d.user_id
              AND q.sync_seq > d.acked_seq AND q.sync_seq <= d.acked_seq + ${DISORDER}
              AND q.conversation_id = c.id AND q.type = 'message.new' AND ${seq} BETWEEN q.from_seq AND q.to_seq
          ))
      )) AS delivered
    FROM conversation_member m JOIN conversation c ON c.id = m.conversation_id
    WHERE m.conversation_id = ${conversationId} AND m.joined_seq < ${seq} AND m.user_id <> ${senderId}`,
  );
}
