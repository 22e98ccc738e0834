import type { ErrorCode } from '../schema/errors';
import type { Presence } from '../schema/presence';

/** What decides whether a viewer may see whether a user is online. */
export interface PresenceFacts {
  readonly viewerId: number;
  readonly userId: number;
  /** The user has blocked the viewer. */
  readonly isBlocked: boolean;
  readonly areFriends: boolean;
}

/** A user's presence as it is, and whether the user hides it from others. */
export interface PresenceState {
  readonly presence: Presence;
  readonly hidden: boolean;
}

/**
 * Whether a viewer may see a user: everybody sees themselves and their friends, but not a user who has blocked them. `group`
 * says that a group which both are in decides; users of different tenants have none.
 */
export function presenceOutcome({
  viewerId,
  userId,
  isBlocked,
  areFriends,
}: PresenceFacts): 'allowed' | 'refused' | 'group' {
  if (isBlocked) return 'refused';
  return viewerId === userId || areFriends ? 'allowed' : 'group';
}

/** Why a viewer may not ask for the presence of several users at once, given those of them whom they may not see. */
export function presenceDenial(unseenIds: readonly number[]): ErrorCode | undefined {
  return unseenIds.length > 0 ? 'FORBIDDEN' : undefined;
}

/** A user's presence as a viewer sees it: to all others, a user who hides it is offline and never was online. */
export function presenceShownTo(viewerId: number, { presence, hidden }: PresenceState): Presence {
  const { userId } = presence;
  return hidden && userId !== String(viewerId) ? { userId, online: false, platforms: [] } : presence;
}
