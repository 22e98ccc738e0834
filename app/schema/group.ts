import { Type, type Static } from '@sinclair/typebox';
import { about, CardVersion, Closed, CURSOR, Id, IdCursor, Limit, Nullable, Time, Url, Uuid } from './common';
import type { Decoded } from './decode';
import { Alias, Card, Words } from './person';

const Name = Type.String({ minLength: 1, maxLength: 64, pattern: '\\S', description: 'not only blanks' });
const Announcement = Type.String({ maxLength: 2000 });
const MemberIds = Type.Array(Id, { minItems: 1, maxItems: 500, uniqueItems: true });

export const JoinPolicy = Type.Union([Type.Literal('open'), Type.Literal('approval'), Type.Literal('invite')], {
  description: [
    '`open`: anybody joins, and any member adds others',
    '`approval`: owner and admins let those in who ask',
    '`invite`: owner and admins add or invite',
  ].join('; '),
});
export type JoinPolicy = Static<typeof JoinPolicy>;
export const HistoryPolicy = Type.Union([Type.Literal('joined'), Type.Literal('all')], {
  description: 'new members see the messages from their joining on, or all that there are',
});
export type HistoryPolicy = Static<typeof HistoryPolicy>;

export const Group = Closed({
  id: Id,
  conversationId: about(Id, 'the conversation of the group; the same as `id`'),
  name: Name,
  avatar: Type.Optional(Url),
  announcement: Type.Optional(Announcement),
  ownerId: Id,
  memberCount: Type.Integer(),
  joinPolicy: JoinPolicy,
  history: HistoryPolicy,
  muteAll: Type.Boolean({ description: 'only owner and admins may write' }),
  createdAt: Time,
});
export type Group = Static<typeof Group>;

export const Role = Type.Union([Type.Literal('owner'), Type.Literal('admin'), Type.Literal('member')]);
export type Role = Static<typeof Role>;
export const MutedUntil = about(Time, 'the member may not write until then');

export const Member = Closed({
  userId: Id,
  name: Type.String({ description: "the user's name" }),
  avatar: Type.Optional(Url),
  version: Type.Optional(about(CardVersion, "of the user's card")),
  role: Role,
  alias: Type.Optional(about(Alias, "the member's own name in this group")),
  mutedUntil: Type.Optional(MutedUntil),
  joinedAt: Time,
});
export type Member = Static<typeof Member>;

export const CreateGroup = Closed({
  clientGroupId: Type.Optional(
    about(
      Uuid,
      "the creator's own UUID for this group: sent again with it, the answer is the group that was made first",
    ),
  ),
  name: Name,
  avatar: Type.Optional(Url),
  announcement: Type.Optional(Announcement),
  joinPolicy: Type.Optional(JoinPolicy),
  history: Type.Optional(HistoryPolicy),
  memberIds: MemberIds,
});
export type CreateGroup = Decoded<typeof CreateGroup>;

/** `null` takes a value away. */
export const UpdateGroup = Closed({
  name: Type.Optional(Name),
  avatar: Type.Optional(Nullable(Url)),
  announcement: Type.Optional(Type.Union([Announcement, Type.Null()])),
  joinPolicy: Type.Optional(JoinPolicy),
  history: Type.Optional(HistoryPolicy),
  muteAll: Type.Optional(Type.Boolean()),
});
export type UpdateGroup = Static<typeof UpdateGroup>;

export const Members = Closed({ userIds: MemberIds });
export const ListMembers = Closed({ cursor: IdCursor(), limit: Limit(100, 500) });
export type ListMembers = Static<typeof ListMembers>;

export const UpdateMember = Closed({
  role: Type.Optional(
    Type.Union([Type.Literal('admin'), Type.Literal('member')], { description: 'given by the owner' }),
  ),
  mutedUntil: Type.Optional(
    Type.Union([MutedUntil, Type.Null()], { description: 'by the owner, or of plain members by an admin' }),
  ),
  alias: Type.Optional(Type.Union([Alias, Type.Null()], { description: 'each member for themselves' })),
});
export type UpdateMember = Static<typeof UpdateMember>;

export const GroupRequest = Closed({
  group: Closed({ id: Id, name: Name, avatar: Type.Optional(Url) }),
  kind: Type.Union([Type.Literal('join'), Type.Literal('invitation')], {
    description: 'asked by the user, answered by owner and admins; or the other way round',
  }),
  user: about(Card, 'who is to become a member'),
  by: Type.Optional(about(Card, 'who has sent the invitation')),
  words: Type.Optional(Words),
  status: Type.Union([Type.Literal('pending'), Type.Literal('accepted'), Type.Literal('rejected')]),
  createdAt: Time,
  expiresAt: about(Time, 'nobody can answer it from then on'),
});
export type GroupRequest = Static<typeof GroupRequest>;

export const Ban = Closed({
  user: about(Card, 'who can not come back by themselves'),
  by: Type.Optional(about(Card, 'who has removed them')),
  at: about(Time, 'when they were removed'),
});
export type Ban = Static<typeof Ban>;

export const Join = Closed({ words: Type.Optional(Words) });
export const Joined = Closed({
  joined: Type.Boolean({ description: 'the caller is a member now; if not, the request waits for an answer' }),
  request: Type.Optional(GroupRequest),
});
export type Joined = Static<typeof Joined>;
export const Invite = Closed({ userIds: MemberIds, words: Type.Optional(Words) });
export const AnswerGroupRequest = Closed({ answer: Type.Union([Type.Literal('accept'), Type.Literal('reject')]) });
export const ListGroupRequests = Closed({
  cursor: Type.Optional(Type.String({ maxLength: 64, description: CURSOR })),
  limit: Limit(50, 200),
});
