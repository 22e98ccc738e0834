import { Type, type Static } from '@sinclair/typebox';
import { about, CardVersion, Closed, CURSOR, Id, Limit, Place, Seq, Time, Url } from './common';
import { MutedUntil, Role } from './group';
import { Message } from './message';

const Unread = Type.Integer({ minimum: 0, description: 'how many messages the caller has not read' });
const Notify = Type.Union([Type.Literal('normal'), Type.Literal('silent'), Type.Literal('none')], {
  description: '`silent`: without a sound; `none`: muted, not counted in the total of unread messages either',
});
const Draft = Type.String({ maxLength: 4000, description: 'what the caller has begun to write' });
const Pinned = Type.Boolean({ description: 'kept above the others by the caller' });
const MarkedUnread = Type.Boolean({ description: 'marked as unread by the caller, until it is read or written to' });

/** What a user has set for a conversation, for themselves: the same on all their devices. */
export const Settings = Closed({
  pinned: Pinned,
  notify: Notify,
  draft: Type.Optional(Draft),
  markedUnread: MarkedUnread,
  hidden: Type.Boolean({ description: 'deleted for the caller: not in the list until the next message' }),
  clearedSeq: about(Place, 'history up to this `seq` is gone for the caller'),
});
export type Settings = Static<typeof Settings>;

export const Receipt = Closed({
  deliveredSeq: about(
    Place,
    'a device of the other user has all up to this `seq`; of users who do not show whether they are online, what is read',
  ),
  readSeq: about(Place, 'the other user has read everything up to this `seq`'),
});
export type Receipt = Static<typeof Receipt>;

export const ConversationType = Type.Union([Type.Literal('single'), Type.Literal('group'), Type.Literal('system')]);

export const Conversation = Closed({
  id: Id,
  type: ConversationType,
  peerId: Type.Optional(about(Id, 'the other user of a single conversation')),
  name: Type.String({ description: "the group's name, or the other user's; empty for the system's" }),
  avatar: Type.Optional(about(Url, "the group's picture, or the other user's")),
  peerVersion: Type.Optional(about(CardVersion, "of the other user's card")),
  role: Type.Optional(about(Role, "the caller's, in a group")),
  mutedUntil: Type.Optional(about(MutedUntil, 'the caller may not write to the group until then')),
  muteAll: Type.Optional(Type.Boolean({ description: 'in a group: only owner and admins may write' })),
  lastMessage: Type.Optional(about(Message, 'the latest message that the caller may see, among the last 1,000')),
  lastSeq: about(Place, '`seq` of the last message; 0: none yet'),
  lastAt: about(Time, 'time of the last message, or of the making'),
  readSeq: about(Place, 'the caller has read everything up to this `seq`'),
  unread: Unread,
  mentioned: Type.Boolean({ description: 'an unread message mentions the caller, or all' }),
  settings: Settings,
  receipt: Type.Optional(about(Receipt, 'of a single conversation')),
});
export type Conversation = Static<typeof Conversation>;

export const ListConversations = Closed({
  cursor: Type.Optional(
    Type.String({
      maxLength: 64,
      description: `${CURSOR}; what has moved up since is not repeated: the stream tells of it`,
    }),
  ),
  limit: Limit(50, 200),
});
export type ListConversations = Static<typeof ListConversations>;

export const ReadState = Closed({
  conversationId: Id,
  readSeq: about(Place, 'the place after this; it never moves back'),
  unread: Unread,
});
export type ReadState = Static<typeof ReadState>;
export const ReadTo = Closed({ seq: about(Seq, '`seq` of the last message that was read') });

/** An optional place, so that sending it again does not take away what came since. */
export const ClearTo = Closed({
  seq: Type.Optional(
    about(
      Place,
      '`seq` of the last message that is meant, default: the last there is; what is gone up to there is passed over',
    ),
  ),
});

export const UpdateConversation = Closed({
  pinned: Type.Optional(Pinned),
  notify: Type.Optional(Notify),
  draft: Type.Optional(Type.Union([Draft, Type.Null()], { description: '`null` or nothing but blanks takes it away' })),
  markedUnread: Type.Optional(
    Type.Literal(true, { description: 'reading takes the mark away; where there is no message yet, none is put' }),
  ),
});
export type UpdateConversation = Static<typeof UpdateConversation>;

export const UnreadTotal = Closed({
  total: Type.Integer({
    description:
      'unread messages of all conversations that are not muted; one that is marked as unread counts as 1 at least',
  }),
  muted: Type.Integer({ description: 'the same of those with `notify: none`' }),
  mentioned: Type.Boolean({ description: 'one of the unread messages mentions the caller' }),
});
export type UnreadTotal = Static<typeof UnreadTotal>;

export const Typing = Closed({ typing: Type.Boolean({ description: 'begins, or ends' }) });
