import { invalidInput } from '../schema/errors';

/** Where a message is. */
export interface Place {
  readonly conversationId: string;
  readonly seq: number;
}

/** A message's name for clients of older protocols, which know one id. */
export function messageIdOf({ conversationId, seq }: Place): string {
  return `${conversationId}-${seq}`;
}

/** The message that a client has named. Throws INVALID_INPUT. */
export function placeOf(msgid: unknown): Place {
  const [, conversationId, seq] = (typeof msgid === 'string' && /^([1-9]\d{0,15})-([1-9]\d{0,15})$/.exec(msgid)) || [];
  if (!conversationId) throw invalidInput('/msgid', 'the id of a message is needed');
  return { conversationId, seq: Number(seq) };
}
