import { Type, type Static } from '@sinclair/typebox';
import { Closed, Id, Limit, Place, Seq, Time, Url } from './common';
import { Message } from './message';

export const Conversation = Closed({
  id: Id,
  type: Type.Union([Type.Literal('single'), Type.Literal('group'), Type.Literal('system')]),
  peerId: Type.Optional(Type.String({ ...Id, description: 'the other user of a single conversation' })),
  name: Type.String({ description: "the group's name, or the other user's" }),
  avatar: Type.Optional(Url),
  lastMessage: Type.Optional(Message),
  lastSeq: Place,
  lastAt: Time,
  readSeq: Place,
  unread: Place,
});
export type Conversation = Static<typeof Conversation>;

export const ListConversations = Closed({
  cursor: Type.Optional(Type.String({ maxLength: 64 })),
  limit: Limit(50, 200),
});
export type ListConversations = Static<typeof ListConversations>;

export const ReadConversation = Closed({ conversationId: Id, seq: Seq });
export const ReadState = Closed({ conversationId: Id, readSeq: Place, unread: Place });
export const ReadTo = Closed({ seq: Seq });
