import { isoOf } from '../../schema/iso_time';
import type { Tables } from '../database/tables';
import { contentWithAddresses } from '../media/content';

/** A stored message, its JSON columns still JSON: they are passed on as they are, never parsed by the server. */
export interface StoredMessage {
  readonly conversationId: number;
  readonly seq: number;
  readonly clientMsgId: string;
  readonly senderId: number;
  /** Of the sender's card when it was stored; 0: never changed. */
  readonly senderVersion: number;
  readonly type: string;
  readonly content: string;
  readonly replyTo: number | null;
  readonly mentions: string | null;
  readonly extra: string | null;
  readonly sentAt: Date;
  readonly mentionAll: boolean;
  readonly editedAt: Date | null;
  readonly recalledAt: Date | null;
  readonly recalledBy: number | null;
  readonly deletedAt: Date | null;
  /** Place of its entry in the sender's own stream; 0 of what the server wrote. */
  readonly syncSeq: number;
}

/** What a message has before anything has happened to it. */
export const untouched = { editedAt: null, recalledAt: null, recalledBy: null, deletedAt: null };

export const MESSAGE_COLUMNS = [
  'conversation_id',
  'seq',
  'client_msg_id',
  'sender_id',
  'sender_version',
  'type',
  'content',
  'reply_to',
  'mentions',
  'mention_all',
  'extra',
  'sent_at',
  'edited_at',
  'recalled_at',
  'recalled_by',
  'deleted_at',
  'sync_seq',
] as const;

/** A row of these columns. */
export type MessageRow = Pick<Tables['message'], (typeof MESSAGE_COLUMNS)[number]>;

/** Of a message that is no notice, or not out of date. */
export const CURRENT = '(expires_at IS NULL OR expires_at > UTC_TIMESTAMP(3))';

/** Of a message that is neither deleted for all nor out of date. */
export const SHOWN = `deleted_at IS NULL AND ${CURRENT}`;

/**
 * Of a message that a user has not deleted for themselves. Index: message_hidden PRIMARY, for each message; as NOT EXISTS it
 * would first read all that the user has ever deleted.
 */
export function notHiddenFrom(userId: number | string): string {
  return `(SELECT h.seq FROM message_hidden h
    WHERE h.user_id = ${userId} AND h.conversation_id = message.conversation_id AND h.seq = message.seq) IS NULL`;
}

/**
 * Of a message that a user, by id or by a column's name, may see, a tombstone among them; of those that retention has purged
 * some may still be there. Index: conversation_member, conversation and message_hidden PRIMARY, for each message: a long range
 * needs bounds of its own.
 */
export function visibleTo(userId: number | string): string {
  return `${SHOWN} AND ${notHiddenFrom(userId)} AND message.seq > (
    SELECT GREATEST(m.joined_seq, m.cleared_seq, c.purged_seq)
    FROM conversation_member m JOIN conversation c ON c.id = m.conversation_id
    WHERE m.conversation_id = message.conversation_id AND m.user_id = ${userId})`;
}

/** Mentioned users as JSON; null when there are none. */
export function mentionsOf(userIds: readonly number[]): string | null {
  return userIds.length > 0 ? JSON.stringify(userIds.map(String)) : null;
}

export function fromRow(row: MessageRow): StoredMessage {
  return {
    conversationId: row.conversation_id,
    seq: row.seq,
    clientMsgId: row.client_msg_id,
    senderId: row.sender_id,
    senderVersion: row.sender_version,
    type: row.type,
    content: row.content,
    replyTo: row.reply_to,
    mentions: row.mentions,
    extra: row.extra,
    sentAt: row.sent_at,
    mentionAll: row.mention_all === 1,
    editedAt: row.edited_at,
    recalledAt: row.recalled_at,
    recalledBy: row.recalled_by,
    deletedAt: row.deleted_at,
    syncSeq: row.sync_seq,
  };
}

/** The message as JSON text, as it goes over the wire now; by hand, because its content is JSON already. */
export function toJson(message: StoredMessage): string {
  const { conversationId, seq, senderId, senderVersion, type, editedAt, recalledAt } = message;
  return (
    `{"conversationId":"${conversationId}","seq":${seq},"clientMsgId":"${message.clientMsgId}",` +
    // 0 is the server itself.
    (senderId === 0 ? '' : `"senderId":"${senderId}",`) +
    (senderVersion === 0 ? '' : `"senderVersion":${senderVersion},`) +
    `"type":"${type}","content":${contentWithAddresses(message)}` +
    (message.replyTo === null ? '' : `,"replyTo":${message.replyTo}`) +
    (message.mentions === null ? '' : `,"mentions":${message.mentions}`) +
    (message.mentionAll ? ',"mentionAll":true' : '') +
    (message.extra === null ? '' : `,"extra":${message.extra}`) +
    `,"sentAt":"${isoOf(message.sentAt)}"` +
    (editedAt === null ? '' : `,"editedAt":"${isoOf(editedAt)}"`) +
    (recalledAt === null ? '' : `,"recalled":{"by":"${message.recalledBy}","at":"${isoOf(recalledAt)}"}`) +
    // A stream still tells of it, so that every device counts alike; nothing else does.
    (message.deletedAt === null ? '}' : ',"deleted":true}')
  );
}
