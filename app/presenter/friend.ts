import type { FriendModel } from '../model/friend';
import type { Card, Friend } from '../schema/person';
import { present } from './present';

type Row = Pick<FriendModel, 'friendId' | 'alias' | 'createdAt'>;

/** A friend as the one who has them sees them; `cards` is of users, by their ids. */
export function presentFriend({ friendId, alias, createdAt }: Row, cards: ReadonlyMap<number, Card>): Friend {
  return { user: cards.get(friendId)!, ...present({ alias }), since: createdAt.toISOString() };
}
