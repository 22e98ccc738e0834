import { Json, jsonList, jsonObject } from '../../schema/json';
import { isMediaType, type MergedContent } from '../../schema/content';
import { mediaAddresses } from './address';

/** How the content of a message begins that names a file by its id: `storedContent` writes it so. */
const OWN = /^\{"mediaId":"([\w-]{22})"(?:,"posterId":"([\w-]{22})")?/;
/**
 * How messages of versions before name one: by its address. Nothing else in the content of these types looks so, as JSON writes
 * a quotation mark within a text otherwise.
 */
const ADDRESS = /"(url|thumbnailUrl)":"\/media\/([\w-]{22})"/g;

/** The media that a message shows, those in a merged one among them; nothing is looked for in a text or in what clients have made up. */
export function mediaIn(type: string, content: string): string[] {
  if (type === 'merged') return mergedIn(content)?.messages.flatMap(each => mediaIn(each.type, textOfPart(each))) ?? [];
  if (!isMediaType(type)) return [];
  const [, ...own] = OWN.exec(content) ?? [];
  return own.length > 0 ? own.filter(Boolean) : [...content.matchAll(ADDRESS)].map(([, , id]) => id);
}

/** A message, or a part of a merged one, which has its place. */
interface Shown {
  readonly conversationId: number;
  readonly seq: number;
  readonly type: string;
  /** JSON */
  readonly content: string;
}

/** The content of a message as it is given out, with the addresses of the media it shows. What shows none is passed on as it is. */
export function contentWithAddresses(message: Shown): string {
  const { type, content } = message;
  if (type === 'merged') return mergedWithAddresses(message);
  if (!isMediaType(type)) return content;
  const [own, id, posterId] = OWN.exec(content) ?? [];
  if (own === undefined) {
    return content.replace(ADDRESS, (_, name: string, each: string) => `"${name}":"${addressesOf(each, message).url}"`);
  }
  const { url, thumbnailUrl } = addressesOf(id, message);
  const small = type === 'image' ? thumbnailUrl : posterId && addressesOf(posterId, message).thumbnailUrl;
  return `${content.slice(0, -1)},"url":"${url}"${small ? `,"thumbnailUrl":"${small}"` : ''}}`;
}

function addressesOf(id: string, { conversationId, seq }: Shown) {
  return mediaAddresses().of(id, `${conversationId}.${seq}`);
}

function mergedWithAddresses(message: Shown): string {
  const merged = mergedIn(message.content);
  if (!merged) return message.content;
  const messages = merged.messages.map(part => {
    const { type } = part;
    const content = contentWithAddresses({ ...message, type, content: textOfPart(part) });
    return jsonObject<Part>({ ...part, content: new Json<Part['content']>(content) });
  });
  return jsonObject<MergedContent>({ ...merged, messages: jsonList(messages) }).text;
}

type Part = MergedContent['messages'][number];

const textOfPart = ({ content }: Part) => JSON.stringify(content);

/** What was merged, if a file may be in it: only then it is worth being parsed. */
function mergedIn(content: string): MergedContent | undefined {
  return /"mediaId"|"\/media\//.test(content) ? (JSON.parse(content) as MergedContent) : undefined;
}
