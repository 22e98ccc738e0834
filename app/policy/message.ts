import type { ErrorCode } from '../schema/errors';
import { peerOf, writeDenial, type ConversationType, type Members, type WriteFacts } from './conversation';

/** What rules go by of a message that is stored. */
export interface MessageFacts {
  /** 0 is the server itself. */
  readonly senderId: number;
  readonly type: string;
  readonly sentAt: Date;
  readonly recalledAt: Date | null;
}

/** What a service has settled on for all who write. */
export interface SendRules {
  /** Only friends may write to each other. */
  readonly friendsOnly: boolean;
  /** How many messages may be sent to who is no friend and has not answered; 0: any number. */
  readonly unanswered: number;
}

/** What decides whether a message is taken from a user. */
export interface SendFacts extends WriteFacts, SendRules {
  /** It answers a message that the user may not see, or that is not there. */
  readonly answersUnseen: boolean;
  readonly mentions: readonly number[];
  readonly mentionAll: boolean;
  /** The place of the conversation's last message. */
  readonly lastSeq: number;
}

/** What decides whether a user may edit a message. */
export interface EditFacts extends WriteFacts {
  readonly message: MessageFacts;
  readonly editSeconds: number;
}

/** What decides whether a user may take a message back. */
export interface RecallFacts {
  readonly userId: number;
  readonly now: Date;
  readonly members: Members;
  readonly message: MessageFacts;
  readonly isSenderOwner: boolean;
  readonly recallSeconds: number;
}

/** Why a message is not taken from a user. */
export function sendDenial(facts: SendFacts): ErrorCode | undefined {
  const { userId, members, answersUnseen, mentions, mentionAll } = facts;
  const denial = writeDenial(facts) ?? unansweredDenial(facts);
  if (denial) return denial;
  if (answersUnseen) return 'MESSAGE_NOT_FOUND';
  return mentionDenial(mentions, members) ?? (mentionAll && !members.admins.has(userId) ? 'FORBIDDEN' : undefined);
}

/**
 * Why a user may not go on writing to a stranger: nothing is in their conversation but what the user has sent, be it recalled or
 * deleted by now, and that is enough.
 */
function unansweredDenial({ userId, type, members, lastSeq, unanswered }: SendFacts): ErrorCode | undefined {
  if (type !== 'single' || unanswered === 0 || lastSeq < unanswered || members.friends) return undefined;
  const peerId = peerOf(userId, members);
  return peerId === undefined || members.writers.has(peerId) ? undefined : 'NOT_ANSWERED';
}

/** Why a message may not mention these users: only members can be mentioned. */
export function mentionDenial(mentions: readonly number[], members: Members): ErrorCode | undefined {
  return mentions.every(id => members.index.has(id)) ? undefined : 'INVALID_INPUT';
}

/** Why a user may not edit a message: senders edit their own texts, for some time, as long as they may write. */
export function editDenial({ message, editSeconds, ...facts }: EditFacts): ErrorCode | undefined {
  if (message.senderId !== facts.userId) return 'FORBIDDEN';
  if (message.type !== 'text') return 'INVALID_INPUT';
  return writeDenial(facts) ?? lateDenial(message, facts.now, editSeconds);
}

/**
 * Why a user may not take a message back. Senders may for some time, and owner and admins of a group always may. But an admin
 * may not take back what the owner wrote, and nobody may take back what the server wrote. It is never too late to repeat it.
 */
export function recallDenial(facts: RecallFacts): ErrorCode | undefined {
  const { userId, now, members, message, isSenderOwner, recallSeconds } = facts;
  const isAdmin = members.admins.has(userId);
  const isOwn = message.senderId === userId;
  if (!isOwn && (message.senderId === 0 || !isAdmin || isSenderOwner)) return 'FORBIDDEN';
  return isAdmin || message.recalledAt ? undefined : lateDenial(message, now, recallSeconds);
}

function lateDenial({ sentAt }: MessageFacts, now: Date, seconds: number): ErrorCode | undefined {
  return now.getTime() - sentAt.getTime() > seconds * 1000 ? 'TOO_LATE' : undefined;
}

/** Why messages of such a conversation can not be deleted for both sides: only a single one has two. */
export function removalPlaceDenial(type: ConversationType): ErrorCode | undefined {
  return type === 'single' ? undefined : 'FORBIDDEN';
}

/** Why a user may not delete these messages for both sides: everybody deletes only what they wrote themselves. */
export function removalDenial(
  userId: number,
  messages: readonly Pick<MessageFacts, 'senderId'>[],
): ErrorCode | undefined {
  return messages.every(({ senderId }) => senderId === userId) ? undefined : 'FORBIDDEN';
}

/** Why messages can not be forwarded: those of the server stay where they are, and recalled ones hold nothing any more. */
export function forwardDenial(
  messages: readonly Pick<MessageFacts, 'senderId' | 'recalledAt'>[],
): ErrorCode | undefined {
  return messages.some(({ senderId, recalledAt }) => senderId === 0 || recalledAt) ? 'FORBIDDEN' : undefined;
}

/**
 * Why nobody may ask who has got a message. All users of a tenant may have got a notice: nobody is to count them, or to know
 * them by it.
 */
export function receiptDenial({ type }: Pick<MessageFacts, 'type'>): ErrorCode | undefined {
  return type === 'notice' ? 'FORBIDDEN' : undefined;
}
