import { spanAt } from '../apply/spans.js';
import type { ImError } from '../error.js';
import type { OutboxItem } from '../outbox/item.js';
import type { Message } from '../protocol.js';
import type { Reading } from '../store/store.js';
import type { ConversationRow, Span } from '../store/tables.js';
import type { Live } from './value.js';

/** A part of a conversation, and what is on its way to it. */
export interface MessagesView {
  /** Undefined as long as nobody has written. */
  readonly conversationId?: string;
  /** In order, without a gap. */
  readonly messages: readonly Message[];
  /** What is on its way, in the order in which it was written. Shown behind the messages where there is nothing newer. */
  readonly pending: readonly OutboxItem[];
  /** Places of pinned messages, once they are asked for. */
  readonly pinned: ReadonlySet<number>;
  /** Places of those that the user has starred. */
  readonly starred: ReadonlySet<number>;
  /** There are more before the first. */
  readonly hasOlder: boolean;
  /** There are more behind the last. */
  readonly hasNewer: boolean;
  /** More is asked for at the moment. */
  readonly isLoading: boolean;
  /** Why more could not be loaded. */
  readonly error?: ImError;
}

/** Whose messages: those of a conversation, or those with a user. */
export interface Target {
  readonly conversationId?: string;
  /** In place of it: the other one of a single conversation, which may not be there yet. */
  readonly userId?: string;
}

/**
 * The messages of a conversation, from the store first, then from the server: a part that grows in both directions and, where it ends
 * with the latest message, follows what comes. What could not be loaded is told by `error`, and tried again with the next connection.
 */
export interface MessageList extends Live<MessagesView> {
  /** Shows the latest messages. */
  latest(): Promise<void>;
  /** Adds a page of older ones. Resolves when they are there. */
  older(): Promise<void>;
  /** Adds a page of newer ones. */
  newer(): Promise<void>;
  /** Loads what could not be loaded. */
  reload(): Promise<void>;
  /** Shows the messages around a place. */
  jumpTo(seq: number): Promise<void>;
  /** Shows the messages from a time on. Resolves with the place of the first, if there is one. */
  jumpToDate(date: Date): Promise<number | undefined>;
  /** Ends it: nothing is told any more. */
  close(): void;
}

export const EMPTY: MessagesView = {
  messages: [],
  pending: [],
  pinned: new Set(),
  starred: new Set(),
  hasOlder: false,
  hasNewer: false,
  isLoading: true,
};

/** What the store holds of a conversation from one place to another. `pending`: what is on its way, some of which may be there already. */
export async function readPart(
  t: Reading,
  row: ConversationRow,
  [from, last]: Span,
  pending: readonly OutboxItem[],
): Promise<Omit<MessagesView, 'isLoading'>> {
  const { id } = row;
  const range = { prefix: [id], after: [id, from - 1], before: [id, last + 1] };
  const messages = await t.list('messages', range);
  const shown = new Set(messages.map(each => each.clientMsgId));
  const seqs = async (table: 'pins' | 'stars') => new Set((await t.list(table, range)).map(each => each.seq));
  const oldest = spanAt(row.spans, from)?.[0] ?? from;
  return {
    conversationId: id,
    messages,
    pending: pending.filter(each => !shown.has(each.clientMsgId)),
    pinned: await seqs('pins'),
    starred: await seqs('stars'),
    hasOlder: Math.max(from, oldest) > row.settings.clearedSeq + 1 && from > 1,
    hasNewer: last < row.lastSeq,
  };
}
