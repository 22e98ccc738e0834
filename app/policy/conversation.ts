import type { Conversation } from '../schema/conversation';
import type { ErrorCode } from '../schema/errors';
import type { Audience } from '../schema/user';
import { audienceDenial } from './privacy';

export type ConversationType = Conversation['type'];

/** The members of a conversation, and what is known of each. */
export interface Members {
  /** in ascending order */
  readonly ids: readonly number[];
  /** each one's place in that order */
  readonly index: ReadonlyMap<number, number>;
  /** owner and admins */
  readonly admins: ReadonlySet<number>;
  /** milliseconds since 1970, of those who are or were muted */
  readonly mutedUntil: ReadonlyMap<number, number>;
  /** of a single conversation: those who have blocked the other */
  readonly blockers: ReadonlySet<number>;
  /** of a single conversation: from whom those take messages who do not take them from everyone */
  readonly audiences: ReadonlyMap<number, Audience>;
  /** of a single conversation: those who have ever written in it */
  readonly writers: ReadonlySet<number>;
  /** of a single conversation: the two are friends */
  readonly friends: boolean;
}

/** What decides whether a user may write to a conversation. */
export interface WriteFacts {
  readonly userId: number;
  readonly now: Date;
  readonly type: ConversationType;
  /** Only owner and admins may write. */
  readonly muteAll: boolean;
  /** Only friends may write to each other. */
  readonly friendsOnly: boolean;
  readonly members: Members;
}

/** Above this many members nobody is told of typing: somebody always types, and every keystroke would go to thousands. */
const TYPING_MEMBERS = 200;

/** Why a user may not write to a conversation. */
export function writeDenial({ userId, now, type, muteAll, friendsOnly, members }: WriteFacts): ErrorCode | undefined {
  // This comes first, because the members of a system conversation are not all known.
  if (type === 'system') return 'FORBIDDEN';
  if (!members.index.has(userId)) return 'NOT_A_MEMBER';
  if (type === 'single') return singleDenial(userId, members, friendsOnly);
  const isSilenced = muteAll && !members.admins.has(userId);
  return isSilenced || (members.mutedUntil.get(userId) ?? 0) > now.getTime() ? 'MUTED' : undefined;
}

function singleDenial(userId: number, members: Members, friendsOnly: boolean): ErrorCode | undefined {
  const { blockers, audiences, friends } = members;
  const peerId = peerOf(userId, members);
  if (peerId === undefined) return undefined;
  if (blockers.has(peerId)) return 'BLOCKED';
  if (friendsOnly && !friends) return 'NOT_FRIENDS';
  return audienceDenial(audiences.get(peerId) ?? 'everyone', friends);
}

/** The other user of a single conversation; nobody of one with oneself. */
export function peerOf(userId: number, { ids }: Members): number | undefined {
  return ids.find(id => id !== userId);
}

/** The members who are told that a user is typing. */
export function typingReceivers(userId: number, { ids }: Members): number[] {
  return ids.length > TYPING_MEMBERS ? [] : ids.filter(id => id !== userId);
}
