import { toJson, type StoredMessage } from '../lib/message/row';
import type { Message } from '../schema/message';

/** A stored message as clients see it, without its reactions. */
export function presentMessage(message: StoredMessage): Message {
  return JSON.parse(toJson(message)) as Message;
}
