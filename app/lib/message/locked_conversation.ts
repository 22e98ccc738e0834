import { sql, type Select } from '../database/statement';
import type { Tables } from '../database/tables';
import type { Members } from '../../policy/conversation';
import { untouched, type StoredMessage } from './row';

const COLUMNS = [
  'id',
  'app',
  'type',
  'last_seq',
  'count',
  'last_at',
  'mention_all_seq',
  'mute_all',
  'member_version',
] as const;

/** A row of a locked conversation, and the database's time. */
export type ConversationRow = Pick<Tables['conversation'], (typeof COLUMNS)[number]> & { readonly now: Date };

/** How long a lock of conversations is waited for, in milliseconds: longer than a transaction that is healthy takes. */
const LOCK_MS = 150;

/**
 * Locks conversations in the order of their ids. Ends with an error when that takes long, said once for MariaDB, to which what
 * is in the first comment is a part of the statement, and once for MySQL. Index: conversation PRIMARY.
 */
export function lockConversations(ids: readonly number[]): Select<ConversationRow> {
  return sql(
    `/*M! SET STATEMENT max_statement_time = ${LOCK_MS / 1000} FOR */
    SELECT /*+ MAX_EXECUTION_TIME(${LOCK_MS}) */ ${columnsOf(ids)} ORDER BY id FOR UPDATE`,
  );
}

/** Locks those of these conversations that nobody holds. Index: conversation PRIMARY. */
export function lockFreeConversations(ids: readonly number[]): Select<ConversationRow> {
  return sql(`SELECT ${columnsOf(ids)} ORDER BY id FOR UPDATE SKIP LOCKED`);
}

function columnsOf(ids: readonly number[]): string {
  return `${COLUMNS.join()}, UTC_TIMESTAMP(3) AS now FROM conversation WHERE id IN (${ids.join()})`;
}

/** What a message has before its place is known. */
export type Draft = Pick<
  StoredMessage,
  'clientMsgId' | 'senderId' | 'type' | 'content' | 'replyTo' | 'mentions' | 'mentionAll' | 'extra'
> & {
  /** It is a notice that is out of date from then on. */
  readonly expiresAt?: Date | null;
  readonly senderVersion?: number;
};

/** What a message has before its stream is known, and where its draft says nothing. */
const NOT_GIVEN = { syncSeq: 0, expiresAt: null, senderVersion: 0 };

/** A message that has its place and is about to be stored. */
export interface PlacedMessage extends StoredMessage {
  /** How many messages count up to this one. */
  readonly count: number;
  readonly expiresAt: Date | null;
  /** Known when the streams are locked. */
  syncSeq: number;
}

/** What kind of conversation it is, and of a single one the user or the two; neither ever changes. */
export interface ConversationKind {
  readonly type: Tables['conversation']['type'];
  readonly userIds?: readonly number[];
}

/** A conversation whose row the transaction has locked: nobody else sends to it or changes its members meanwhile. */
export class LockedConversation {
  readonly id: number;
  readonly app: string;
  readonly type: ConversationRow['type'];
  readonly muteAll: boolean;
  /** When what happens to it now happens: the database's time, and never before the last message. */
  readonly at: Date;
  lastSeq: number;
  count: number;
  mentionAllSeq: number;

  /** @param members as they were when the row was locked; of a system conversation only those who were asked for */
  constructor(
    row: ConversationRow,
    readonly members: Members,
  ) {
    this.id = row.id;
    this.app = row.app;
    this.type = row.type;
    this.muteAll = row.mute_all === 1;
    // The time was read before the lock was waited for, hence the maximum.
    this.at = row.now > row.last_at ? row.now : row.last_at;
    this.lastSeq = row.last_seq;
    this.count = row.count;
    this.mentionAllSeq = row.mention_all_seq;
  }

  get kind(): ConversationKind {
    const { type } = this;
    return type === 'single' ? { type, userIds: this.members.ids } : { type };
  }

  /** Gives a message the next place. Lines of the system do not count as unread. */
  place(draft: Draft): PlacedMessage {
    this.lastSeq++;
    if (draft.type !== 'system') this.count++;
    if (draft.mentionAll) this.mentionAllSeq = this.lastSeq;
    const { id: conversationId, lastSeq: seq, count, at: sentAt } = this;
    return { conversationId, seq, count, sentAt, ...NOT_GIVEN, ...draft, ...untouched };
  }
}
