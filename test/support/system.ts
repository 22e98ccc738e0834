import { randomUUID } from 'node:crypto';
import { newId } from '../../app/lib/database/ids';
import type { Person } from './person';
import { app } from './service';

interface Notice {
  readonly title: string;
  readonly expiresAt?: Date;
}

/** A system conversation of these users with these notices, stored as they are, without an entry. Returns its id. */
export async function systemConversation(users: readonly Person[], notices: readonly Notice[]): Promise<string> {
  const { Conversation, ConversationMember, Message } = app.model;
  const id = newId();
  const at = new Date();
  const places = { lastSeq: notices.length, count: notices.length };
  await Conversation.create({ id, app: 'default', type: 'system', lastAt: at, ...places });
  await ConversationMember.bulkCreate(
    users.map(user => ({ conversationId: id, userId: Number(user.id), joinedAt: at })),
  );
  await Message.bulkCreate(
    notices.map(({ title, expiresAt = null }, index) => ({
      conversationId: id,
      seq: index + 1,
      count: index + 1,
      senderId: 0,
      syncSeq: 0,
      clientMsgId: randomUUID(),
      type: 'notice',
      content: JSON.stringify({ title, text: '-' }),
      replyTo: null,
      mentions: null,
      extra: null,
      sentAt: at,
      expiresAt,
    })),
  );
  return String(id);
}
