import { randomUUID } from 'node:crypto';
import type { Draft } from '../../app/lib/message/locked_conversation';
import type { NewEntry } from '../../app/lib/stream/entry';
import { select } from './service';
import { draft } from './stored';

/** An entry that names somebody as blocked, so that one can be told from the other. */
export const blocked = (userId: string, receiverIds: readonly number[]): NewEntry => ({
  type: 'block.updated',
  receiverIds,
  data: { userId, blocked: true },
});

export const noticeDraft = () => ({
  clientMsgId: randomUUID(),
  type: 'notice',
  content: '{"title":"Hello","text":"-"}',
});

export const textDraft = (senderId: number): Draft => draft({ senderId });

/** The place of the last entry of a stream. */
export async function headOf(userId: number): Promise<number> {
  const [row] = await select('SELECT last_seq FROM user_inbox WHERE user_id = :userId', { userId });
  return Number(row.last_seq);
}

/** What is stored behind a place of a stream. */
export function streamAfter(userId: number, after: number): Promise<Record<string, unknown>[]> {
  const columns = 'sync_seq AS syncSeq, type, from_seq AS fromSeq, to_seq AS toSeq, payload, created_at AS at';
  const of = 'receiver_id = :userId AND sync_seq > :after ORDER BY sync_seq';
  return select(`SELECT ${columns} FROM push_history WHERE ${of}`, { userId, after });
}

/** Whom `blocked` entries of a stream name. */
export const namesIn = (rows: readonly Record<string, unknown>[]) =>
  rows.map(row => (JSON.parse(String(row.payload)) as { userId: string }).userId);

/** Where a conversation ends, as it is stored. */
export async function endOf(id: number): Promise<{ lastSeq: number; count: number; lastAt: Date }> {
  const rows = await select('SELECT last_seq AS lastSeq, count, last_at AS lastAt FROM conversation WHERE id = :id', {
    id,
  });
  return rows[0] as Awaited<ReturnType<typeof endOf>>;
}
