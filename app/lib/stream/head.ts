import type { Database } from '../database/pool';
import { chunks, IN_LIST, sql, type Select } from '../database/statement';
import type { Tables } from '../database/tables';

/** Where a stream stands: `head` is its last syncSeq, `first` the oldest that purging has left. */
export interface Head {
  readonly head: number;
  readonly first: number;
  /** Which history it is part of: another one once the database was set back. */
  readonly epoch: string;
}

/** The same, as the tables have it. */
export interface Inbox extends Head {
  /** How far the notices to all are in it: a `seq` of their conversation. */
  readonly noticeSeq: number;
}

/** The head of a stream that has never had an entry. */
export const NO_HEAD: Head = { head: 0, first: 1, epoch: '' };

type HeadRow = Pick<Tables['user_inbox'], 'user_id' | 'last_seq' | 'first_seq' | 'notice_seq'> & {
  readonly epoch: string;
};

/** Index: user_inbox PRIMARY. */
export function selectHeads(userIds: readonly number[]): Select<HeadRow> {
  return sql(
    `SELECT user_id, last_seq, first_seq, notice_seq, (SELECT epoch FROM stream_epoch WHERE id = 1) AS epoch
    FROM user_inbox WHERE user_id IN (${userIds.join()})`,
  );
}

export function fromHeadRow({ last_seq: head, first_seq: first, notice_seq: noticeSeq, epoch }: HeadRow): Inbox {
  return { head, first, noticeSeq, epoch };
}

/** Where the streams of these users stand. */
export async function readHeads(database: Database, userIds: readonly number[]): Promise<Map<number, Inbox>> {
  const heads = new Map<number, Inbox>();
  for (const ids of chunks(userIds, IN_LIST)) {
    for (const row of await database.select(selectHeads(ids))) heads.set(row.user_id, fromHeadRow(row));
  }
  return heads;
}
