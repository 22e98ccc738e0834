import type { ErrorCode } from '../schema/errors';
import type { Audience } from '../schema/user';

/** Whether those who allow something to an audience allow it to another user, who is their friend or not. */
export function admits(audience: Audience, areFriends: boolean): boolean {
  return audience === 'everyone' || (audience === 'friends' && areFriends);
}

/** Why a user may not write to another who takes messages from an audience. */
export function audienceDenial(audience: Audience, areFriends: boolean): ErrorCode | undefined {
  if (admits(audience, areFriends)) return undefined;
  return audience === 'friends' ? 'NOT_FRIENDS' : 'FORBIDDEN';
}
