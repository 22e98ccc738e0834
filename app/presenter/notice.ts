import type { SentNotice } from '../schema/notice';

/** Where a notice is: in the conversation of one user, or in that of all users, which names none. */
export interface NoticePlace {
  readonly userId?: number;
  readonly conversationId: number;
  readonly seq: number;
}

/** The place of a notice that was sent. */
export function presentNoticePlace({ userId, conversationId, seq }: NoticePlace): SentNotice['notices'][number] {
  return { ...(userId !== undefined && { userId: String(userId) }), conversationId: String(conversationId), seq };
}
