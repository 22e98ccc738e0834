import type { StoredMessage } from '../lib/message/row';
import { Json, jsonList, jsonObject } from '../schema/json';
import type { MergedContent } from '../schema/content';
import { present } from './present';

/** The content of the one message that several become; `title` is the name of their group, `names` are those of users. */
export function presentMerged(
  messages: readonly Pick<StoredMessage, 'senderId' | 'type' | 'content' | 'sentAt'>[],
  title: string | undefined,
  names: ReadonlyMap<number, string>,
): Json<MergedContent> {
  const merged = messages.map(({ senderId, type, content, sentAt }) =>
    jsonObject<MergedContent['messages'][number]>({
      senderId: String(senderId),
      senderName: names.get(senderId) ?? '',
      type,
      content: new Json(content),
      sentAt: sentAt.toISOString(),
    }),
  );
  return jsonObject<MergedContent>({ ...present({ title }), messages: jsonList(merged) });
}
