import assert from 'node:assert/strict';
import type { Message } from '../../app/schema/message';
import type { WireInput } from '../../app/schema/calls';
import type { Person } from './person';
import { app, mm } from './service';

type Search = Partial<WireInput<'message.search'>>;

/** What one page of a search holds. */
export async function find(person: Person, q?: string, more: Search = {}): Promise<Message[]> {
  return person.call('message.search', { limit: 20, ...(q && { q }), ...more });
}

/** Where: conversation and seq of each. */
export const placesOf = (messages: readonly Message[]) => messages.map(each => `${each.conversationId}:${each.seq}`);

export const seqsOf = (messages: readonly Message[]) => messages.map(each => each.seq);

/** Every page to the end. `between` is done before each but the first. */
export async function pagesOf(
  person: Person,
  search: Search,
  between: (page: number) => Promise<unknown> = () => Promise.resolve(),
): Promise<Message[][]> {
  const pages: Message[][] = [];
  for (let cursor: string | undefined; ;) {
    if (pages.length > 0) await between(pages.length);
    const { data, nextCursor } = await person.callPage('message.search', {
      limit: 20,
      ...search,
      ...(cursor && { cursor }),
    });
    pages.push(data);
    if (!nextCursor) return pages;
    assert.notEqual(nextCursor, cursor, 'a page gets on');
    assert.ok(pages.length < 1000, 'there is an end');
    cursor = nextCursor;
  }
}

/** Gives the first message of a conversation a text that ends in half a surrogate pair, which is refused now but may be stored. */
export async function cutOff(conversationId: string): Promise<void> {
  const where = { conversationId: Number(conversationId), seq: 1 };
  await app.model.Message.update({ content: String.raw`{"text":"cut off \ud83d"}` }, { where });
}

/** As if a call of a search might look at no more messages. */
export function lookAt(messages: number): void {
  mm(app.config.im, 'searchRows', messages);
}

/**
 * Puts messages into a conversation that has none, as if they had been sent long ago, a minute after each other; the last
 * one at `at`. `wordsOf` is their text.
 */
export async function fill(
  conversationId: string,
  texts: readonly string[],
  { senderId = 0, at = new Date() }: { senderId?: number; at?: Date } = {},
): Promise<void> {
  const id = Number(conversationId);
  const rows = texts.map((words, index) => ({
    conversationId: id,
    seq: index + 1,
    count: index + 1,
    senderId,
    syncSeq: 0,
    clientMsgId: `${conversationId}-${index}`,
    type: 'text',
    content: JSON.stringify({ text: words }),
    replyTo: null,
    mentions: null,
    extra: null,
    sentAt: new Date(at.getTime() - (texts.length - index - 1) * 60_000),
  }));
  await app.model.Message.bulkCreate(rows);
  const { length } = texts;
  await app.model.Conversation.update({ lastSeq: length, count: length, lastAt: at }, { where: { id } });
}
