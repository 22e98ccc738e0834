import type { ErrorCode } from '../schema/errors';
import type { FriendRequest } from '../schema/person';
import type { Members } from './conversation';

/** A friend request as rules see it. */
export interface FriendRequestFacts {
  readonly fromId: number;
  readonly toId: number;
  readonly status: FriendRequest['status'];
}

/** Why users can not do to themselves what is meant for two: to block, or to ask for a friendship. */
export function selfDenial(userId: number, otherId: number): ErrorCode | undefined {
  return userId === otherId ? 'FORBIDDEN' : undefined;
}

/** Why a user may not ask another for a friendship: neither has blocked the other, and they are no friends yet. */
export function friendRequestDenial(userId: number, otherId: number, members: Members): ErrorCode | undefined {
  if (members.blockers.has(otherId)) return 'BLOCKED';
  if (members.blockers.has(userId)) return 'FORBIDDEN';
  return members.friends ? 'ALREADY_FRIENDS' : undefined;
}

/** The status of a request as a user may know it: that it is ignored is known to the one who ignores it alone. */
export function statusShownTo(userId: number, { fromId, status }: FriendRequestFacts): FriendRequest['status'] {
  return status === 'ignored' && userId === fromId ? 'pending' : status;
}

/** Who is told that a request is given a status: nobody when it has that already, and of an ignored one its sender is not. */
export function statusReceivers(
  { fromId, toId, status }: FriendRequestFacts,
  given: FriendRequest['status'],
): number[] {
  if (given === status) return [];
  return given === 'ignored' ? [toId] : [fromId, toId];
}

/** Why a user may not bring others into a group, given those of them who have blocked that user. */
export function welcomeDenial(blockerIds: readonly number[]): ErrorCode | undefined {
  return blockerIds.length > 0 ? 'BLOCKED' : undefined;
}
