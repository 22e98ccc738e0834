import type { ErrorCode } from '../schema/errors';
import type { Presence } from '../schema/presence';
import type { Audience } from '../schema/user';
import { admits } from './privacy';

/** What decides whether a viewer may see whether a user is online. */
export interface PresenceFacts {
  readonly viewerId: number;
  readonly userId: number;
  /** The user has blocked the viewer. */
  readonly isBlocked: boolean;
  readonly areFriends: boolean;
}

/** A user's presence as it is, and who sees it. */
export interface PresenceState {
  readonly presence: Presence;
  readonly audience: Audience;
}

/** Who looks at a user. */
export interface PresenceViewer {
  readonly viewerId: number;
  readonly areFriends: boolean;
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

/** A user's presence as a viewer sees it: who is not to see it is told that the user is offline and never was online. */
export function presenceShownTo(
  { viewerId, areFriends }: PresenceViewer,
  { presence, audience }: PresenceState,
): Presence {
  const { userId } = presence;
  const isShown = userId === String(viewerId) || admits(audience, areFriends);
  return isShown ? presence : { userId, online: false, platforms: [] };
}

/**
 * Whether the other user of a single conversation is told that a device of the user has a message: it says that the user is, or
 * was, online. Friends who may see that are; all others are told when it is read, which the user decides.
 */
export function tellsDelivery(audience: Audience, areFriends: boolean): boolean {
  return areFriends && admits(audience, areFriends);
}
