import { mediaIdsIn } from '../../lib/media/names';
import { invalidInput } from '../../schema/errors';

/** The body of a message as /im takes it: `chat_type` 0 is a text, 1 an image, 2 a video. Throws INVALID_INPUT. */
export function draftOf({ chat_content: content, chat_type: type = 0 }: Readonly<Record<string, unknown>>) {
  if (typeof content !== 'string') throw invalidInput('/chat_content', 'a text is needed');
  // Of an object there may be no number.
  const number = typeof type === 'object' ? NaN : Number(type);
  if (number === 0) return { type: 'text', content: { text: content } } as const;
  const kind = ({ 1: 'image', 2: 'video' } as const)[number];
  if (!kind) throw invalidInput('/chat_type', 'it is 0, 1 or 2');
  const [mediaId] = mediaIdsIn(content);
  if (!mediaId) throw invalidInput('/chat_content', 'the address of an uploaded file is needed');
  return { type: kind, content: { mediaId } } as const;
}
