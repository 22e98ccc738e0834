import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { newId } from '../../app/lib/database/ids';
import type { Message } from '../../app/schema/message';
import type { EntryData, EntryType } from '../../app/schema/sync';
import type { Client } from './client';
import type { Person } from './person';
import type { Entry } from './replica';
import { app, count, select } from './service';

export const seqsOf = (messages: readonly Message[]) => messages.map(each => each.seq);
export const typesOf = (entries: readonly Entry[]) => entries.map(each => each.type);

/** The entry of that type that comes to a device, the first after a place of its stream. */
export async function entryOf<T extends EntryType>(client: Client, type: T, after = 0) {
  const isIt = (entry: Entry) => entry.type === type && entry.syncSeq > after;
  const entry = await client.until(() => client.replica.entries.find(isIt), `${type} after ${after}`);
  return entry as { readonly conversationId?: string; readonly data: unknown } as EntryOf<T>;
}

interface EntryOf<T extends EntryType> {
  readonly conversationId?: string;
  readonly data: EntryData<T>;
}

/** The whole stream of a user as a new device pulls it. */
export async function streamOf(person: Person): Promise<Entry[]> {
  return (await person.call('sync.pull', { after: 0, limit: 500 })).entries;
}

/** Makes the messages of a conversation older. */
export async function age(id: string, seconds: number): Promise<void> {
  await app.model.query('UPDATE message SET sent_at = sent_at - INTERVAL :seconds SECOND WHERE conversation_id = :id', {
    replacements: { id, seconds },
  });
}

/** In how many rows of messages and streams the words still are. */
export async function rowsWith(words: string): Promise<number> {
  const like = { words: `%${words}%` };
  const messages = await count('message WHERE CONCAT_WS(" ", content, mentions, extra) LIKE :words', like);
  return messages + (await count('push_history WHERE payload LIKE :words', like));
}

/** Nobody but owner and admins may write to the group. */
export async function silence(id: string): Promise<void> {
  await app.model.Conversation.update({ muteAll: true }, { where: { id: Number(id) } });
}

export async function block(conversationId: string, blocker: Person, blocked: Person): Promise<void> {
  await app.model.Block.create({ userId: Number(blocker.id), blockedId: Number(blocked.id) });
  await app.model.Conversation.increment('memberVersion', { where: { id: Number(conversationId) } });
}

/** The system's conversation with a user, with one notice in it. */
export async function noticeTo(person: Person): Promise<string> {
  const [conversationId, userId] = [newId(), Number(person.id)];
  const at = new Date();
  const { Conversation, ConversationMember, Message: Messages } = app.model;
  await Conversation.create({ id: conversationId, app: 'default', type: 'system', lastSeq: 1, count: 1, lastAt: at });
  await ConversationMember.create({ conversationId, userId, joinedAt: at });
  await Messages.create({
    conversationId,
    seq: 1,
    count: 1,
    senderId: 0,
    syncSeq: 0,
    clientMsgId: randomUUID(),
    type: 'notice',
    content: '{"title":"Hello","text":"A notice"}',
    replyTo: null,
    mentions: null,
    extra: null,
    sentAt: at,
  });
  return String(conversationId);
}

/** What is unread is what a count of the messages that are there says, in all conversations of a user. */
export async function assertUnread(someone: Person): Promise<void> {
  for (const { id, unread, readSeq } of await someone.ask('conversation.index')) {
    const [row] = await select(
      `SELECT COUNT(*) AS n FROM message m
       JOIN conversation_member me ON me.conversation_id = m.conversation_id AND me.user_id = :userId
       WHERE m.conversation_id = :id AND m.seq > GREATEST(me.read_seq, me.joined_seq) AND m.deleted_at IS NULL
         AND m.type <> 'system'`,
      { userId: someone.id, id },
    );
    assert.equal(unread, Number(row.n), `conversation ${id} read up to ${readSeq}`);
  }
}
