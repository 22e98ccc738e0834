import { Type, type Static } from '@sinclair/typebox';
import { about, Closed, Id, Limit, Place, Seq, Time } from './common';
import { Group } from './group';
import { Message } from './message';

const By = about(Id, 'the user who did it');
const UserIds = Type.Array(Id, { description: 'those added or removed' });

/** What each type of entry carries as `data`. */
export const entries = {
  'message.new': Closed({ messages: Type.Array(Message) }, { description: 'messages of one conversation, in order' }),
  'conversation.read': Closed(
    {
      readSeq: about(Place, 'the user has read everything up to this `seq`'),
      unread: Type.Integer({ minimum: 0, description: 'how many messages are unread after that' }),
    },
    { description: 'the user has read, on this device or another' },
  ),
  'group.created': Closed({ group: Group, by: By }, { description: 'the user is in a new group' }),
  'group.members_added': Closed(
    { group: Group, userIds: UserIds, by: By },
    { description: 'to all members, new ones included' },
  ),
  'group.members_removed': Closed(
    { userIds: UserIds, by: By },
    { description: 'to all members and those removed; `by` is the removed user when they left by themselves' },
  ),
};
export type EntryType = keyof typeof entries;
export type EntryData<T extends EntryType> = Static<(typeof entries)[T]>;

const variants = (Object.keys(entries) as EntryType[]).map(type =>
  Closed({
    syncSeq: about(Seq, "place in the user's stream"),
    type: Type.Literal(type),
    conversationId: Id,
    data: entries[type],
    at: about(Time, 'when it was stored'),
  }),
);
export const Entry = Type.Union(variants, { discriminator: { propertyName: 'type' } });

const HeadSeq = about(Place, '`syncSeq` of the last entry of the stream; 0: none yet');

export const Head = Closed({
  head: HeadSeq,
  first: about(Seq, '`syncSeq` of the oldest entry that is still kept'),
});
export const PushedEntries = Closed({ entries: Type.Array(Entry) });
export const Pull = Closed({
  after: about(Place, '`syncSeq` of the last entry that was applied'),
  limit: Type.Optional(Limit(200, 500)),
});
export const PulledEntries = Closed({
  entries: Type.Array(Entry),
  head: HeadSeq,
  hasMore: Type.Boolean({ description: 'pull again after the last of these' }),
  resync: Type.Optional(
    Type.Boolean({ description: 'some entries after that place are purged: reload conversations and history' }),
  ),
});
export type PulledEntries = Static<typeof PulledEntries>;
export const Ack = Closed({ syncSeq: about(Place, 'this and everything before it has been applied and kept') });
export const SessionClosed = Closed({
  reason: Type.Union([Type.Literal('logout'), Type.Literal('replaced'), Type.Literal('revoked')], {
    description: 'logged out; another login took its place; ended for safety, as by a new password',
  }),
});
