import type { FriendRequestModel } from '../model/friend_request';
import type { Card, FriendRequest } from '../schema/person';
import { present } from './present';

export type FriendRequestRow = Pick<
  FriendRequestModel,
  'fromId' | 'toId' | 'greeting' | 'status' | 'createdAt' | 'expiresAt'
>;

/** A friend request with the status that the viewer may know; `cards` is of both users, by their ids. */
export function presentFriendRequest(
  row: FriendRequestRow,
  status: FriendRequest['status'],
  cards: ReadonlyMap<number, Card>,
): FriendRequest {
  const { fromId, toId, greeting, createdAt, expiresAt } = row;
  return {
    from: cards.get(fromId)!,
    to: cards.get(toId)!,
    ...present({ greeting }),
    status,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}
