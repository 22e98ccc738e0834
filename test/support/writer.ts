import { randomUUID } from 'node:crypto';
import type { Send } from '../../app/lib/writer/send';
import type { Person } from './person';

/** A text as the writer takes it. */
export function draftOf(sender: Person, conversationId: string, given: Partial<Send> = {}): Send {
  return {
    app: 'default',
    conversationId: Number(conversationId),
    senderId: Number(sender.id),
    clientMsgId: randomUUID(),
    type: 'text',
    content: '{"text":"hello"}',
    replyTo: null,
    mentions: [],
    mentionAll: false,
    extra: null,
    ...given,
  };
}
