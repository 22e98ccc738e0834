import { Type, type Static } from '@sinclair/typebox';
import { about, CardVersion, Closed, CURSOR, Id, JsonObject, keysOf, Limit, Place, Seq, Time, Uuid } from './common';
import { contents, serverContents, type MessageType } from './content';
import type { Decoded } from './decode';

export const ClientMsgId = about(
  Uuid,
  'UUID made by the sender; the same one again is the same message, or refused with `CONFLICT`',
);

const details = {
  replyTo: Type.Optional(about(Seq, '`seq` of the message of this conversation that is answered')),
  mentions: Type.Optional(
    Type.Array(Id, { maxItems: 100, uniqueItems: true, description: 'members whom the message names' }),
  ),
  mentionAll: Type.Optional(
    Type.Literal(true, { description: 'it names all members of the group; owner and admins may' }),
  ),
  extra: Type.Optional(about(JsonObject, 'whatever the clients agree on; at most `IM_EXTRA_MAX_BYTES` bytes of JSON')),
};

const names = keysOf(contents);

const body = (type: MessageType) => ({
  clientMsgId: ClientMsgId,
  type: Type.Literal(type),
  content: contents[type],
  ...details,
});
const discriminator = { propertyName: 'type' };

/** `message:send`: to a conversation, or to a user, with whom the single conversation is made when it is not there. */
export const SendMessage = Type.Union(
  names.map(type =>
    Closed({
      conversationId: Type.Optional(about(Id, 'where to; this or `to`')),
      to: Type.Optional(Closed({ userId: Id }, { description: 'to whom; this or `conversationId`' })),
      ...body(type),
    }),
  ),
  { discriminator },
);
export type SendMessage = Decoded<typeof SendMessage>;

/** `POST /conversations/:id/messages`: the path names the conversation. */
export const PostMessage = Type.Union(
  names.map(type => Closed(body(type))),
  { discriminator },
);

const serverNames = keysOf(serverContents);

const Reaction = Type.String({
  minLength: 1,
  maxLength: 32,
  pattern: '^\\S(.*\\S)?$',
  description: 'an emoji, or a name the clients agree on; no blanks around it',
});

export const Message = Closed({
  conversationId: Id,
  seq: about(Seq, 'place in the conversation'),
  clientMsgId: ClientMsgId,
  senderId: Type.Optional(about(Id, 'absent when the server itself wrote it')),
  senderVersion: Type.Optional(
    about(
      CardVersion,
      "`version` of the sender's card when it was stored; a device that has an older one loads it anew",
    ),
  ),
  type: Type.Union([...names, ...serverNames].map(type => Type.Literal(type))),
  content: Type.Unsafe<Record<string, unknown>>({
    type: 'object',
    description: 'by `type`; `{}` when it is recalled',
  }),
  ...details,
  sentAt: about(Time, 'when it was stored'),
  editedAt: Type.Optional(about(Time, 'when it was last edited')),
  recalled: Type.Optional(Closed({ by: Id, at: Time }, { description: 'taken back: this is what is left of it' })),
  deleted: Type.Optional(
    Type.Literal(true, { description: 'deleted for both sides since; only in a stream, and not to be shown' }),
  ),
  reactions: Type.Optional(
    Type.Array(
      Closed({
        reaction: Reaction,
        count: Type.Integer(),
        userIds: Type.Array(Id, { description: 'the first 100 who reacted so' }),
      }),
      { description: 'in history and lists alone; a stream has each as an entry of its own' },
    ),
  ),
});
export type Message = Static<typeof Message>;

export const SentMessage = Closed({
  ...Message.properties,
  syncSeq: about(Seq, "place of its entry in the sender's own stream"),
});
export type SentMessage = Static<typeof SentMessage>;

export const History = Closed({
  before: Type.Optional(
    about(Seq, 'messages before this `seq`, the nearest; with `after`: of those between. `nextCursor` is the next one'),
  ),
  after: Type.Optional(
    about(Place, 'messages after this `seq`, the nearest. Without `before`, `nextCursor` is the next one'),
  ),
  from: Type.Optional(
    about(
      Time,
      'only sent then or later; without `before` from the first of these on, as with `after`: a jump to a date',
    ),
  ),
  until: Type.Optional(about(Time, 'only sent before then')),
  limit: Limit(50, 200),
});
export type History = Static<typeof History>;
export const BatchMessages = Closed({
  seqs: Type.Array(Seq, { minItems: 1, maxItems: 100, uniqueItems: true }),
});

export const EditMessage = Closed({
  content: contents.text,
  mentions: Type.Optional(about(details.mentions, 'members whom it names now, in place of those before')),
});
export type EditMessage = Decoded<typeof EditMessage>;
export const RemoveMessages = Closed({
  seqs: Type.Array(Seq, { minItems: 1, maxItems: 100, uniqueItems: true }),
  for: Type.Union([Type.Literal('me'), Type.Literal('both')], {
    description:
      '`me`: the caller alone; `both`: own messages, for both sides of a single conversation, as if never sent',
  }),
});
export const React = Closed({
  reaction: Reaction,
  reacted: Type.Boolean({ description: 'puts it there, or takes it away' }),
});
export const Pin = Closed({ pinned: Type.Boolean() });
export const Star = Closed({ starred: Type.Boolean() });
export const ForwardMessages = Closed({
  from: Closed({
    conversationId: Id,
    seqs: Type.Array(Seq, { minItems: 1, maxItems: 100, uniqueItems: true }),
  }),
  conversationId: Type.Optional(about(Id, 'where to; this or `to`')),
  to: Type.Optional(Closed({ userId: Id }, { description: 'to whom; this or `conversationId`' })),
  merged: Type.Optional(Type.Boolean({ description: 'as one message; default: each by itself' })),
  clientMsgIds: Type.Array(ClientMsgId, {
    minItems: 1,
    maxItems: 100,
    uniqueItems: true,
    description: 'one for each of `seqs`, in the same order; a single one when they are merged',
  }),
});
export type ForwardMessages = Decoded<typeof ForwardMessages>;

export const ListStars = Closed({
  cursor: Type.Optional(Type.String({ maxLength: 64, description: CURSOR })),
  limit: Limit(50, 200),
});
export type ListStars = Static<typeof ListStars>;
export const StarredMessage = Closed({ message: Message, starredAt: Time });
export type StarredMessage = Static<typeof StarredMessage>;
