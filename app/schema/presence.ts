import { Type, type Static } from '@sinclair/typebox';
import { about, Closed, Id, IdCursor, Limit, Time } from './common';
import { Platform } from './user';

export const Presence = Closed({
  userId: Id,
  online: Type.Boolean(),
  platforms: Type.Array(Platform, { description: 'of the devices that are connected' }),
  lastSeenAt: Type.Optional(
    about(Time, 'when the user was last connected, to about a minute; absent while online, and when it is not known'),
  ),
});
export type Presence = Static<typeof Presence>;

export const Watch = Closed({
  userIds: Type.Array(Id, {
    minItems: 1,
    maxItems: 200,
    uniqueItems: true,
    description: 'friends, and members of own groups',
  }),
});
export const ListOnline = Closed({ cursor: IdCursor(), limit: Limit(50, 200) });
export const OnlineCount = Closed({ count: Type.Integer({ description: 'users of this tenant who are connected' }) });
