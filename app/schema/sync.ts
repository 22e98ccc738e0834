import { Type, type Static } from '@sinclair/typebox';
import { about, Closed, Id, keysOf, Limit, Place, Seq, Time } from './common';
import { ConversationType, Receipt, Settings } from './conversation';
import { Group, GroupRequest, MutedUntil, Role } from './group';
import { Message } from './message';
import { Alias, Friend, FriendRequest } from './person';
import { Me, User } from './user';

const By = about(Id, 'the user who did it');
const UserIds = Type.Array(Id, { description: 'those added or removed' });
const OneMessage = Type.Array(Message, { minItems: 0, maxItems: 1 });
const Unread = Type.Integer({ minimum: 0, description: 'how many messages are unread after that' });
const ReadSeq = about(Place, 'the user has read everything up to this `seq`');

/**
 * What each type of entry carries as `data`. Entries with `messages` are stored as places of messages, so that a pull
 * brings the messages as they are by then.
 */
export const entries = {
  'message.new': Closed({ messages: Type.Array(Message) }, { description: 'messages of one conversation, in order' }),
  'message.edited': Closed({ messages: OneMessage }, { description: 'put it in the place of the one with its `seq`' }),
  'message.recalled': Closed(
    { messages: OneMessage },
    {
      description: 'what is left of it, in the place of the one with its `seq`; its reactions, pin and stars are gone',
    },
  ),
  'message.deleted': Closed(
    { seq: Seq },
    { description: 'gone for both sides of a single conversation, and not unread any more' },
  ),
  'message.hidden': Closed({ seqs: Type.Array(Seq) }, { description: 'the user has deleted them for themselves' }),
  'message.reacted': Closed(
    { seq: Seq, userId: Id, reaction: Type.String(), reacted: Type.Boolean() },
    { description: 'a member has put a reaction to a message, or taken it away' },
  ),
  'message.pinned': Closed(
    { seq: Seq, pinned: Type.Boolean(), by: By },
    { description: 'a message was pinned in the conversation, or is not any more' },
  ),
  'message.starred': Closed(
    { seq: Seq, starred: Type.Boolean() },
    { description: 'the user has starred a message, or not any more' },
  ),
  'conversation.read': Closed(
    { readSeq: ReadSeq, unread: Unread },
    { description: 'the user has read, on this device or another; the mark `markedUnread` is gone' },
  ),
  'conversation.receipt': Closed(Receipt.properties, {
    description: 'the other user of a single conversation has got or read messages',
  }),
  'conversation.updated': Closed(
    { settings: Settings, readSeq: ReadSeq, unread: Unread },
    { description: 'the user has changed, cleared or deleted it for themselves' },
  ),
  'group.created': Closed({ group: Group, by: By }, { description: 'the user is in a new group' }),
  'group.updated': Closed(
    { group: Group, by: By },
    { description: 'to all members, as all that begins with `group.`' },
  ),
  'group.members_added': Closed(
    {
      group: Group,
      userIds: UserIds,
      muted: Type.Optional(
        Type.Array(Closed({ userId: Id, mutedUntil: MutedUntil }), {
          description: 'those of them who were muted when they left, and still are',
        }),
      ),
      by: By,
    },
    { description: 'to all members, new ones included' },
  ),
  'group.members_removed': Closed(
    { userIds: UserIds, by: By },
    { description: 'to all members and those removed; `by` is the removed user when they left by themselves' },
  ),
  'group.member_updated': Closed(
    { userId: Id, role: Role, alias: Type.Optional(Alias), mutedUntil: Type.Optional(Time), by: By },
    { description: "a member's role, alias or mute has changed" },
  ),
  'group.dissolved': Closed({ by: By }, { description: 'the group is gone, with its conversation and messages' }),
  'group.unbanned': Closed(
    { userId: Id, by: By },
    { description: 'a user who was removed may come back; to owner and admins' },
  ),
  'group.requests': Closed(
    { requests: Type.Array(GroupRequest, { minItems: 1 }) },
    {
      description:
        'made or answered; to owner, admins, the users they are about and who invited them, each those that concern them',
    },
  ),
  'me.updated': Closed({ me: Me }, { description: 'the user has changed their profile or their settings' }),
  'user.updated': Closed({ user: User }, { description: 'a friend has changed their profile' }),
  'friend.request': Closed(
    { request: FriendRequest },
    { description: 'made or answered; to both users. When one of them is deleted it is not in the list any more' },
  ),
  'friend.updated': Closed({ friend: Friend }, { description: 'a new friend, or another alias' }),
  'friend.removed': Closed({ userId: Id }, { description: 'not a friend any more; to both users' }),
  'block.updated': Closed(
    { userId: Id, blocked: Type.Boolean() },
    { description: 'the user has blocked somebody, or not any more' },
  ),
};
export type EntryType = keyof typeof entries;
export type EntryData<T extends EntryType> = Static<(typeof entries)[T]>;

/** What a device needs to show a conversation of which it has heard nothing yet. */
const ConversationKind = Closed(
  {
    type: ConversationType,
    userIds: Type.Optional(
      Type.Array(Id, {
        minItems: 1,
        maxItems: 2,
        description: 'of a single conversation: its users, the caller among them',
      }),
    ),
  },
  { description: 'what kind of conversation it is; absent once it is gone' },
);
export type ConversationKind = Static<typeof ConversationKind>;

const variants = keysOf(entries).map(type =>
  Closed({
    syncSeq: about(Seq, "place in the user's stream"),
    type: Type.Literal(type),
    ...(/^(me|user|friend|block)\./.test(type) ? {} : { conversationId: Id }),
    ...(type === 'message.new' ? { conversation: Type.Optional(ConversationKind) } : {}),
    data: entries[type],
    at: about(Time, 'when it was stored'),
  }),
);
export const Entry = Type.Union(variants, { discriminator: { propertyName: 'type' } });
export type Entry = Static<typeof Entry>;

const HeadSeq = about(Place, '`syncSeq` of the last entry of the stream; 0: none yet');

const Epoch = Type.String({
  maxLength: 36,
  description: 'another one once the server was set back to an older state: what is held is to be loaded again',
});

export const Head = Closed({
  head: HeadSeq,
  epoch: Epoch,
  first: about(Seq, '`syncSeq` of the oldest entry that is still kept'),
});
export const PushedEntries = Closed({ entries: Type.Array(Entry) });
export type PushedEntries = Static<typeof PushedEntries>;
export const Pull = Closed({
  after: about(Place, '`syncSeq` of the last entry that was applied'),
  limit: Type.Optional(Limit(200, 500)),
});
export const PulledEntries = Closed({
  entries: Type.Array(Entry),
  head: HeadSeq,
  epoch: Epoch,
  hasMore: Type.Boolean({ description: 'pull again after the last of these' }),
  resync: Type.Optional(
    Type.Boolean({
      description:
        'some entries after that place are purged, or the place is past `head`: reload conversations and history',
    }),
  ),
});
export type PulledEntries = Static<typeof PulledEntries>;
export const Ack = Closed({ syncSeq: about(Place, 'this and everything before it has been applied and kept') });
export const Acked = Closed({
  resync: Type.Optional(
    Type.Boolean({ description: 'the place is past the end of the stream: pull, which says where that is' }),
  ),
});
export type Acked = Static<typeof Acked>;
export const SessionClosed = Closed({
  reason: Type.Union(
    [
      Type.Literal('logout'),
      Type.Literal('replaced'),
      Type.Literal('password'),
      Type.Literal('revoked'),
      Type.Literal('deleted'),
    ],
    {
      description:
        'logged out; another login took its place; the password was changed; ended by the user elsewhere, or for safety; deleted',
    },
  ),
});
export type SessionClosed = Static<typeof SessionClosed>;
