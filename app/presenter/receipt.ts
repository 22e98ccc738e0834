import type { ConversationMemberModel } from '../model/conversation_member';
import type { Reader, ReceiptCount } from '../schema/message';

/** Counts of members, as they are selected: a sum is text, and null where there is nobody. */
export type ReceiptCountRow = Readonly<Record<keyof ReceiptCount, number | string | null>>;

/** How many members have got a message and have read it. */
export function presentReceiptCount({ delivered, read, total }: ReceiptCountRow): ReceiptCount {
  return { delivered: Number(delivered), read: Number(read), total: Number(total) };
}

/** A member who has read a message. */
export function presentReader({ userId }: Pick<ConversationMemberModel, 'userId'>): Reader {
  return { userId: String(userId) };
}
