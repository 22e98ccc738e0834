import { AppError } from '../../schema/errors';
import { mediaIdAt } from '../medium';

const wrong = (path: string, message: string) => new AppError('INVALID_INPUT', [{ path, message }]);

/** The body of a message as /im takes it: `chat_type` 0 is a text, 1 an image, 2 a video. Throws INVALID_INPUT. */
export function draftOf({ chat_content: content, chat_type: type = 0 }: Readonly<Record<string, unknown>>) {
  if (typeof content !== 'string') throw wrong('/chat_content', 'a text is needed');
  if (Number(type) === 0) return { type: 'text', content: { text: content } } as const;
  const kind = ({ 1: 'image', 2: 'video' } as const)[Number(type)];
  if (!kind) throw wrong('/chat_type', 'it is 0, 1 or 2');
  const mediaId = mediaIdAt(content);
  if (!mediaId) throw wrong('/chat_content', 'the address of an uploaded file is needed');
  return { type: kind, content: { mediaId } } as const;
}
