import type { StoredMessage } from '../lib/message/row';
import type { MergedContent } from '../schema/message';
import { present } from './present';

/** The content of the one message that several become; `title` is the name of their group, `names` are those of users. */
export function presentMerged(
  messages: readonly Pick<StoredMessage, 'senderId' | 'type' | 'content' | 'sentAt'>[],
  title: string | undefined,
  names: ReadonlyMap<number, string>,
): MergedContent {
  return {
    ...present({ title }),
    messages: messages.map(({ senderId, type, content, sentAt }) => ({
      senderId: String(senderId),
      senderName: names.get(senderId) ?? '',
      type,
      content: JSON.parse(content) as Record<string, unknown>,
      sentAt: sentAt.toISOString(),
    })),
  };
}
