import type { Message } from '../../schema/message';
import type { ConversationKind } from '../../schema/sync';
import { messageIdOf } from '../message_id';
import { absolute, wordsOf } from '../words';

/** A message as clients of the conversations service know it. */
export interface WsMessage {
  readonly id: string;
  /** Empty when it is a picture. */
  readonly body: string;
  /** The address of a picture; empty when it is none. */
  readonly image: string;
  readonly senderId: string;
  /** A user, or a group, whose id is that of its conversation. */
  readonly receiverId: string;
  readonly conversationId: string;
  readonly isGroup: boolean;
  /** Of those who have not read it, those whom the user who is told can know of. */
  readonly unReads: readonly string[];
  readonly createdAt: string;
}

/** How a message is told: to which user, and what is put in front of addresses of this server. */
export interface Telling {
  readonly me: string;
  readonly origin: string;
}

/** A message that a user has written, as it has just been stored. */
export function presentMessage(message: Message, kind: ConversationKind, { me, origin }: Telling): WsMessage {
  const { conversationId, senderId = '', type, content, recalled, sentAt } = message;
  const isGroup = kind.type === 'group';
  const receiverId = isGroup ? conversationId : (kind.userIds?.find(id => id !== senderId) ?? senderId);
  const unread = isGroup ? me : receiverId;
  const isPicture = type === 'image' && !recalled;
  return {
    id: messageIdOf(message),
    body: isPicture ? '' : wordsOf(message, origin),
    image: isPicture ? absolute((content as { url?: string }).url, origin) : '',
    senderId,
    receiverId,
    conversationId,
    isGroup,
    unReads: unread === senderId ? [] : [unread],
    createdAt: sentAt,
  };
}
