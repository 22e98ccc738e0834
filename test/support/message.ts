import type { Message } from '../../app/schema/message';

/** A text of user 7 in the conversation 5, as the server gives it, with what differs. */
export function messageWith(differing: Partial<Message> = {}): Message {
  return {
    conversationId: '5',
    seq: 9,
    clientMsgId: '0d6ba6b6-0f0c-4b0a-8a37-0a5b9d2b2d11',
    senderId: '7',
    type: 'text',
    content: { text: 'hello' },
    sentAt: '2026-01-31T20:30:00.999Z',
    ...differing,
  };
}

/** What is left of a message that was taken back. */
export const recalled = { recalled: { by: '7', at: '2026-01-31T21:00:00.000Z' }, content: {} };
