import { toJson, type StoredMessage } from '../lib/message/row';
import { Json } from '../schema/json';
import type { Message } from '../schema/message';

/** A stored message as clients see it, without its reactions. */
export function presentMessage(message: StoredMessage): Json<Message> {
  return new Json(toJson(message));
}
