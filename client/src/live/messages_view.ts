import { spanAt } from '../apply/spans.js';
import type { ImError } from '../error.js';
import type { OutboxItem } from '../outbox/item.js';
import type { Message } from '../protocol.js';
import type { Reading } from '../store/store.js';
import type { ConversationRow, Span } from '../store/tables.js';

/** A part of a conversation, and what is on its way to it. */
export interface MessagesView {
  readonly conversationId?: string;
  /** In order, without a gap. */
  readonly messages: readonly Message[];
  /** What is on its way, in the order in which it was written. Shown behind the messages where there is nothing newer. */
  readonly pending: readonly OutboxItem[];
  readonly pinned: ReadonlySet<number>;
  readonly starred: ReadonlySet<number>;
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  readonly isLoading: boolean;
  /** Why more could not be loaded. */
  readonly error?: ImError;
}

export interface Target {
  readonly conversationId?: string;
  /** In place of it: the other one of a single conversation, which may not be there yet. */
  readonly userId?: string;
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
