import { Type, type Static } from '@sinclair/typebox';
import { about, Closed, CURSOR, Id, Limit, Time, Url } from './common';

const Name = Type.String({ minLength: 1, maxLength: 64, pattern: '\\S', description: 'not only blanks' });
const MemberIds = Type.Array(Id, { minItems: 1, maxItems: 500, uniqueItems: true });

export const Group = Closed({
  id: Id,
  conversationId: about(Id, 'the conversation of the group; the same as `id`'),
  name: Name,
  avatar: Type.Optional(Url),
  ownerId: Id,
  memberCount: Type.Integer(),
  createdAt: Time,
});
export type Group = Static<typeof Group>;

export const Member = Closed({
  userId: Id,
  name: Type.String({ description: "the user's name" }),
  avatar: Type.Optional(Url),
  role: Type.Union([Type.Literal('owner'), Type.Literal('admin'), Type.Literal('member')]),
  joinedAt: Time,
});
export type Member = Static<typeof Member>;

export const CreateGroup = Closed({ name: Name, avatar: Type.Optional(Url), memberIds: MemberIds });
export type CreateGroup = Static<typeof CreateGroup>;

export const Members = Closed({ userIds: MemberIds });
export const ListMembers = Closed({ cursor: Type.Optional(about(Id, CURSOR)), limit: Limit(100, 500) });
export type ListMembers = Static<typeof ListMembers>;
