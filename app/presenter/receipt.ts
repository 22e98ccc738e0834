import type { ReceiptCountRow } from '../lib/receipt/receipt_count';
import type { ConversationMemberModel } from '../model/conversation_member';
import type { Reader, ReceiptCount } from '../schema/receipt';

/** How many members have got a message and have read it. */
export function presentReceiptCount({ delivered, read, total }: ReceiptCountRow): ReceiptCount {
  return { delivered: Number(delivered), read: Number(read), total };
}

/** A member who has read a message. */
export function presentReader({ userId }: Pick<ConversationMemberModel, 'userId'>): Reader {
  return { userId: String(userId) };
}
