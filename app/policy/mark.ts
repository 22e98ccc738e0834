import type { ErrorCode } from '../schema/errors';
import { writeDenial, type WriteFacts } from './conversation';

/** How many different reactions one message may have. */
export const MAX_REACTIONS = 20;
/** How many messages may be pinned in one conversation. */
export const MAX_PINS = 100;

/** Why a user may not pin messages, or take pins away: in a group only owner and admins do. */
export function pinDenial(facts: WriteFacts): ErrorCode | undefined {
  if (facts.type === 'group' && !facts.members.admins.has(facts.userId)) return 'FORBIDDEN';
  return writeDenial(facts);
}

/** Why no further message can be pinned where so many are. */
export function pinLimitDenial(pins: number): ErrorCode | undefined {
  return pins >= MAX_PINS ? 'LIMIT_REACHED' : undefined;
}

/** Why a reaction can not be put to a message that has these; a further user may always join in one of them. */
export function reactionLimitDenial(reaction: string, known: readonly string[]): ErrorCode | undefined {
  return known.length >= MAX_REACTIONS && !known.includes(reaction) ? 'LIMIT_REACHED' : undefined;
}
