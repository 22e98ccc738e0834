import { randomUUID } from 'node:crypto';
import { untouched } from '../../app/lib/message/row';
import type { Engine, EngineOptions } from '../../app/lib/engine';
import { app, otherProcess } from './service';

const DAY_MS = 86_400_000;

export const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);

/** The purge of some node; messages are kept for 30 days. Ended after the test. */
export function purger(given: Partial<EngineOptions> = {}): Engine['purge'] {
  return otherProcess({ retentionDays: 30, rest: () => Promise.resolve(), ...given }).engine.purge;
}

/** One run of it, as the schedule begins it. */
export function purge(given: Partial<EngineOptions> = {}): Promise<number | undefined> {
  return purger(given).run();
}

/** The messages up to a place were sent that many days before they were. */
export async function ageMessages(conversationId: string, upTo: number, days: number): Promise<void> {
  await app.model.query(
    `UPDATE message SET sent_at = sent_at - INTERVAL :days DAY WHERE conversation_id = :conversationId AND seq <= :upTo`,
    { replacements: { conversationId, upTo, days } },
  );
}

/** The entries up to a place of a stream were written that many days before they were. */
export async function ageEntries(userId: string, upTo: number, days: number): Promise<void> {
  await app.model.query(
    `UPDATE push_history SET created_at = created_at - INTERVAL :days DAY WHERE receiver_id = :userId AND sync_seq <= :upTo`,
    { replacements: { userId, upTo, days } },
  );
}

/** Puts that many messages at the beginning of an empty conversation, as if they had been sent then. */
export async function fillConversation(id: number, senderId: number, howMany: number, sentAt: Date): Promise<void> {
  const rows = Array.from({ length: howMany }, (_, index) => ({
    conversationId: id,
    seq: index + 1,
    count: index + 1,
    senderId,
    syncSeq: 0,
    clientMsgId: randomUUID(),
    type: 'text',
    content: '{"text":"long ago"}',
    replyTo: null,
    mentions: null,
    extra: null,
    sentAt,
    ...untouched,
  }));
  await app.model.Message.bulkCreate(rows);
  await app.model.Conversation.update({ lastSeq: howMany, count: howMany }, { where: { id } });
}
