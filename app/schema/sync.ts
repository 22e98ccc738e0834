import { Type, type Static } from '@sinclair/typebox';
import { Closed, Id, Limit, Place, Seq, Time } from './common';
import { Group } from './group';
import { Message } from './message';

/** What each type of entry carries as `data`. */
export const entries = {
  'message.new': Closed({ messages: Type.Array(Message) }, { description: 'messages of one conversation, in order' }),
  'conversation.read': Closed(
    { readSeq: Place, unread: Place },
    { description: 'read on another device of this user' },
  ),
  'group.created': Closed({ group: Group, by: Id }, { description: 'the user is in a new group' }),
  'group.members_added': Closed(
    { group: Group, userIds: Type.Array(Id), by: Id },
    { description: 'to all members, new ones included' },
  ),
  'group.members_removed': Closed(
    { userIds: Type.Array(Id), by: Id },
    { description: 'to all members and those removed; `by` is the removed user when they left by themselves' },
  ),
};
export type EntryType = keyof typeof entries;
export type EntryData<T extends EntryType> = Static<(typeof entries)[T]>;

const variants = (Object.keys(entries) as EntryType[]).map(type =>
  Closed({ syncSeq: Seq, type: Type.Literal(type), conversationId: Id, data: entries[type], at: Time }),
);
export const Entry = Type.Union(variants, { discriminator: { propertyName: 'type' } });

export const Head = Closed({ head: Place, first: Seq });
export const PushedEntries = Closed({ entries: Type.Array(Entry) });
export const Pull = Closed({ after: Place, limit: Type.Optional(Limit(200, 500)) });
export const PulledEntries = Closed({
  entries: Type.Array(Entry),
  head: Place,
  hasMore: Type.Boolean(),
  resync: Type.Optional(
    Type.Boolean({ description: 'entries after the cursor are purged: reload conversations and history' }),
  ),
});
export type PulledEntries = Static<typeof PulledEntries>;
export const Ack = Closed({ syncSeq: Place });
export const SessionClosed = Closed({
  reason: Type.Union([Type.Literal('logout'), Type.Literal('replaced'), Type.Literal('revoked')]),
});
