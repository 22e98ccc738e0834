import type { Message } from '../protocol.js';
import type { ChangeSet } from '../store/changes.js';
import type { Reading, Writing } from '../store/store.js';
import type { Draft, OutboxItem } from './item.js';

/*
 * The rows of the outbox in the store.
 */

/** Among so many of the latest messages one is looked for that another tab has sent. */
const LATEST = 200;

/** A user is written to by id before there is a conversation, and in the conversation afterwards. */
export async function laneOf(t: Reading, { conversationId, to }: Draft): Promise<string> {
  if (conversationId === undefined) return `user ${to?.userId}`;
  const peerId = (await t.get('conversations', [conversationId]))?.peerId;
  return peerId === undefined ? `conversation ${conversationId}` : `user ${peerId}`;
}

export async function itemOf(t: Reading, clientMsgId: string): Promise<OutboxItem | undefined> {
  return (await t.list('outbox')).find(each => each.clientMsgId === clientMsgId);
}

/** The message that an item has become, which the stream has brought. */
export async function arrived(
  t: Reading,
  { clientMsgId, conversationId, to }: OutboxItem,
): Promise<Message | undefined> {
  const conversations = conversationId ? [] : await t.list('conversations');
  const id = conversationId ?? conversations.find(each => each.type === 'single' && each.peerId === to?.userId)?.id;
  const latest = id ? await t.list('messages', { prefix: [id], reverse: true, limit: LATEST }) : [];
  return latest.find(each => each.clientMsgId === clientMsgId);
}

export async function putItem(t: Writing, changes: ChangeSet, item: OutboxItem): Promise<void> {
  await t.put('outbox', [item.order], item);
  noteItem(changes, item);
}

/** Tells who shows the outbox, or the conversation that one belongs to. */
export function noteItem(changes: ChangeSet, { conversationId, message }: OutboxItem): void {
  changes.lists.add('outbox');
  const id = conversationId ?? message?.conversationId;
  if (id) changes.messages.add(id);
}
