import { mediaIdsIn } from '../../lib/media/names';
import { invalidInput } from '../../schema/errors';

type Fields = Readonly<Record<string, unknown>>;

/** What is no text is an id that nothing has. */
export const idIn = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Where a message goes: its conversation, else its receiver, who is a user when the participants have them, and a group when
 * they do not, else the one participant who is not the sender. Participants are no more than a hint: whoever is a member gets it.
 */
export function destinationOf(participants: readonly unknown[], { conversationId, receiverId }: Fields, me: string) {
  if (conversationId !== undefined) return { conversationId: idIn(conversationId) };
  const others = participants.filter(id => id !== me);
  if (receiverId !== undefined) {
    const isUser = participants.length === 0 || participants.includes(receiverId);
    return isUser ? { to: { userId: idIn(receiverId) } } : { conversationId: idIn(receiverId) };
  }
  if (others.length !== 1)
    throw invalidInput('/message', 'a conversationId, a receiverId or one participant is needed');
  return { to: { userId: idIn(others[0]) } };
}

/** The bodies of messages as /im takes them: a picture, a text, or a text under a picture. Throws INVALID_INPUT. */
export function draftsOf({ body = '', image = '' }: Fields) {
  if (typeof body !== 'string' || typeof image !== 'string') throw invalidInput('/message', 'body and image are texts');
  if (!body && !image) throw invalidInput('/message', 'a body or an image is needed');
  const [mediaId] = mediaIdsIn(image);
  if (image && !mediaId) throw invalidInput('/message/image', 'the address of an uploaded file is needed');
  return [
    ...(mediaId ? [{ type: 'image', content: { mediaId } } as const] : []),
    ...(body ? [{ type: 'text', content: { text: body } } as const] : []),
  ];
}
