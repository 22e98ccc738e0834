import { Type, type Static } from '@sinclair/typebox';
import { about, Closed, CURSOR, Id, Limit, Place, Seq, Time, Url } from './common';
import { Message } from './message';

const Unread = Type.Integer({ minimum: 0, description: 'how many messages the caller has not read' });

export const Conversation = Closed({
  id: Id,
  type: Type.Union([Type.Literal('single'), Type.Literal('group'), Type.Literal('system')]),
  peerId: Type.Optional(about(Id, 'the other user of a single conversation')),
  name: Type.String({ description: "the group's name, or the other user's" }),
  avatar: Type.Optional(about(Url, "the group's picture, or the other user's")),
  lastMessage: Type.Optional(about(Message, 'the message at `lastSeq`, when the caller may see it')),
  lastSeq: about(Place, '`seq` of the last message; 0: none yet'),
  lastAt: about(Time, 'time of the last message, or of the making'),
  readSeq: about(Place, 'the caller has read everything up to this `seq`'),
  unread: Unread,
});
export type Conversation = Static<typeof Conversation>;

export const ListConversations = Closed({
  cursor: Type.Optional(Type.String({ maxLength: 64, description: CURSOR })),
  limit: Limit(50, 200),
});
export type ListConversations = Static<typeof ListConversations>;

const ReadSeq = about(Seq, '`seq` of the last message that was read');
export const ReadConversation = Closed({ conversationId: Id, seq: ReadSeq });
export const ReadState = Closed({
  conversationId: Id,
  readSeq: about(Place, 'the place after this; it never moves back'),
  unread: Unread,
});
export const ReadTo = Closed({ seq: ReadSeq });
