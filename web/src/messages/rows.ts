import type { Message, MessagesView, OutboxItem } from 'egg-im-client';

/** What is said of a message beside it, and of one that is on its way. */
export interface Bubble {
  readonly kind: 'bubble';
  readonly key: string;
  readonly isOwn: boolean;
  /** The first and the last of those that somebody wrote one after the other. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly at: string;
  readonly senderId?: string;
  readonly message?: Message;
  /** In place of `message`: it is not stored by the server yet. */
  readonly item?: OutboxItem;
}

/** A line between messages: a day, a time, where the unread ones begin, or what happened in the group. */
export type Line =
  | { readonly kind: 'day' | 'time'; readonly key: string; readonly at: string }
  | { readonly kind: 'unread'; readonly key: string }
  | { readonly kind: 'note'; readonly key: string; readonly message: Message };

export type Row = Bubble | Line;

/** Messages that are further apart have the time between them. */
const TIME_LINE_MS = 60_000;

const dayOf = (at: string): string => new Date(at).toDateString();
const isNote = ({ type, recalled }: Message): boolean => type === 'system' || recalled !== undefined;

/**
 * What is shown of a part of a conversation, from top to bottom.
 * @param me id of the user
 * @param unreadFrom place of the first message that was unread as the conversation was opened
 */
export function rowsOf(
  { messages, pending, hasOlder, hasNewer }: MessagesView,
  me: string,
  unreadFrom?: number,
): Row[] {
  const rows: Row[] = [];
  let last: { at: string; senderId?: string } | undefined;
  let isUnread = false;
  let isDivided = false;

  const add = (row: Bubble | Extract<Line, { kind: 'note' }>, at: string, senderId?: string): void => {
    // Above the first one it would have to go again as soon as there are older ones.
    const line = last || !hasOlder ? lineBetween(last?.at, at) : undefined;
    if (line) rows.push({ kind: line, key: `${line} ${row.key}`, at });
    if (isUnread && !isDivided) rows.push({ kind: 'unread', key: 'unread' });
    isDivided ||= isUnread;
    const before = rows.at(-1);
    const joins = before?.kind === 'bubble' && row.kind === 'bubble' && last?.senderId === senderId;
    if (joins) rows[rows.length - 1] = { ...before, isLast: false };
    rows.push(row.kind === 'bubble' ? { ...row, isFirst: !joins } : row);
    last = { at, senderId };
  };

  for (const message of messages) {
    isUnread = unreadFrom !== undefined && message.seq >= unreadFrom;
    const { senderId, sentAt: at } = message;
    const isOwn = senderId === me;
    // The same key as while it was on its way, so that nothing moves when it arrives.
    const key = isOwn ? message.clientMsgId : String(message.seq);
    if (isNote(message)) add({ kind: 'note', key, message }, at);
    else add({ kind: 'bubble', key, isOwn, isFirst: true, isLast: true, at, senderId, message }, at, senderId);
  }
  for (const item of hasNewer ? [] : pending) {
    const at = item.message?.sentAt ?? item.createdAt;
    const whole = { isOwn: true, isFirst: true, isLast: true, at, senderId: me };
    add({ kind: 'bubble', key: item.clientMsgId, ...whole, item }, at, me);
  }
  return rows;
}

function lineBetween(before: string | undefined, at: string): 'day' | 'time' | undefined {
  if (before === undefined || dayOf(before) !== dayOf(at)) return 'day';
  return Date.parse(at) - Date.parse(before) >= TIME_LINE_MS ? 'time' : undefined;
}
