import { Type, type Static } from '@sinclair/typebox';
import { about, CardVersion, Closed, CURSOR, Deleted, Id, IdCursor, Limit, Time, Url } from './common';

/** What is shown of a user where another thing is the subject. */
export const Card = Closed({
  id: Id,
  name: Type.String(),
  avatar: Type.Optional(Url),
  version: Type.Optional(CardVersion),
  deleted: Type.Optional(Deleted),
});
export type Card = Static<typeof Card>;

export const Alias = Type.String({ minLength: 1, maxLength: 64, pattern: '\\S', description: 'not only blanks' });
export const Words = Type.String({ maxLength: 256, description: 'a few words that go with it' });

export const SearchUsers = Closed({
  q: Type.String({
    minLength: 1,
    maxLength: 64,
    description: 'a whole account or phone number, or the beginning of a name',
  }),
  cursor: Type.Optional(Type.String({ maxLength: 256, description: CURSOR })),
  limit: Limit(20, 50),
});
export type SearchUsers = Static<typeof SearchUsers>;

export const Friend = Closed({
  user: Card,
  alias: Type.Optional(about(Alias, "the caller's own name for the friend")),
  since: about(Time, 'when they became friends'),
});
export type Friend = Static<typeof Friend>;

const Status = Type.Union(
  [Type.Literal('pending'), Type.Literal('accepted'), Type.Literal('rejected'), Type.Literal('ignored')],
  {
    description: '`ignored` is told to the one who ignores alone: to the other it stays `pending`',
  },
);
const asked = {
  createdAt: about(Time, 'when it was last asked'),
  expiresAt: about(Time, 'nobody can answer it from then on'),
};

export const FriendRequest = Closed({
  from: Card,
  to: Card,
  greeting: Type.Optional(Words),
  status: Status,
  ...asked,
});
export type FriendRequest = Static<typeof FriendRequest>;

export const AskFriend = Closed({ userId: Id, greeting: Type.Optional(Words) });
export const AnswerFriend = Closed({
  answer: Type.Union([Type.Literal('accept'), Type.Literal('reject'), Type.Literal('ignore')]),
});
export type AnswerFriend = Static<typeof AnswerFriend>;
export const ListFriendRequests = Closed({
  direction: Type.Union([Type.Literal('in'), Type.Literal('out')], {
    default: 'in',
    description: 'those to the caller, or those of the caller',
  }),
  cursor: Type.Optional(Type.String({ maxLength: 64, description: CURSOR })),
  limit: Limit(50, 200),
});
export type ListFriendRequests = Static<typeof ListFriendRequests>;
export const ListPeople = Closed({ cursor: IdCursor(), limit: Limit(100, 500) });
export type ListPeople = Static<typeof ListPeople>;
export const UpdateFriend = Closed({
  alias: Type.Union([Alias, Type.Null()], { description: '`null` takes it away' }),
});
export const BatchUsers = Closed({
  userIds: Type.Array(Id, { minItems: 1, maxItems: 100, uniqueItems: true }),
});
export const BlockUser = Closed({ userId: Id });
