import type { ErrorCode } from '../schema/errors';
import type { HistoryPolicy, JoinPolicy, Role, UpdateMember } from '../schema/group';
import type { Members } from './conversation';
import { may, outranks, type Right } from './roles';

/** What decides whether a user may change what a group has of a member. */
export interface MemberUpdateFacts {
  readonly userId: number;
  readonly role: Role;
  readonly memberId: number;
  /** undefined when that user is no member */
  readonly memberRole: Role | undefined;
  readonly changes: UpdateMember;
}

/** Why a user of that role, or of none, may not do what takes a right, or membership alone when none is named. */
export function rightDenial(
  role: Role | undefined,
  right: Right | null,
  joinPolicy?: JoinPolicy,
): ErrorCode | undefined {
  if (!role) return 'NOT_A_MEMBER';
  return right && !may(role, right, joinPolicy) ? 'FORBIDDEN' : undefined;
}

/** Why a user does not get to see a group: others than members see it when they may join or ask to. */
export function showDenial(isMember: boolean, joinPolicy: JoinPolicy): ErrorCode | undefined {
  return !isMember && joinPolicy === 'invite' ? 'NOT_A_MEMBER' : undefined;
}

/** Why a user of that role may not bring users into a group, given those of them who are banned: owner and admins lift bans. */
export function banDenial(role: Role | undefined, bannedIds: readonly number[]): ErrorCode | undefined {
  return bannedIds.length > 0 && !(role && may(role, 'remove')) ? 'BANNED' : undefined;
}

/** Why a group can not have so many members. */
export function roomDenial(members: number, limit: number): ErrorCode | undefined {
  return members > limit ? 'GROUP_FULL' : undefined;
}

/** Why a group can not have a user as one more admin beside its owner. */
export function adminLimitDenial(userId: number, { admins }: Members, limit: number): ErrorCode | undefined {
  // The owner is among them.
  return admins.size > limit && !admins.has(userId) ? 'LIMIT_REACHED' : undefined;
}

/** `seq` after which a new member sees the history of a group. */
export function historyStart(history: HistoryPolicy, lastSeq: number): number {
  return history === 'all' ? 0 : lastSeq;
}

/** Why a user of that role may not remove these members: everybody removes only those of a lower role. */
export function memberRemovalDenial(role: Role, memberRoles: readonly Role[]): ErrorCode | undefined {
  return memberRoles.every(other => outranks(role, other)) ? undefined : 'FORBIDDEN';
}

/**
 * Why a user may not change a member so: the owner gives roles; the owner mutes all others, and an admin plain members; each
 * has an alias of their own making.
 */
export function memberUpdateDenial(facts: MemberUpdateFacts): ErrorCode | undefined {
  const { userId, role, memberId, memberRole, changes } = facts;
  if (!memberRole) return 'USER_NOT_FOUND';
  const mayFromAbove = (right: Right) => may(role, right) && outranks(role, memberRole);
  if (changes.role !== undefined && !mayFromAbove('promote')) return 'FORBIDDEN';
  if (changes.mutedUntil !== undefined && !mayFromAbove('mute')) return 'FORBIDDEN';
  return changes.alias !== undefined && memberId !== userId ? 'FORBIDDEN' : undefined;
}

/** Why a group can not go to a user: its owner is one of its members. */
export function heirDenial(userId: number, members: Members): ErrorCode | undefined {
  return members.index.has(userId) ? undefined : 'USER_NOT_FOUND';
}
