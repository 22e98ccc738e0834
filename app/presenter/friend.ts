import type { FriendModel } from '../model/friend';
import type { Card, Friend } from '../schema/person';
import { present } from './present';

type Row = Pick<FriendModel, 'alias' | 'createdAt'>;

/** A friend as the one who has them sees them. */
export function presentFriend({ alias, createdAt }: Row, user: Card): Friend {
  return { user, ...present({ alias }), since: createdAt.toISOString() };
}
