import { literal, upsert } from '../database/statement';
import type { LockedConversation, PlacedMessage } from './locked_conversation';
import type { StoredMessage } from './row';

const COLUMNS = [
  'conversation_id, seq, count, sender_id, sender_version, sync_seq, mention_all, client_msg_id, type',
  'content, reply_to, mentions, extra, sent_at, expires_at',
].join();

/** The one place where messages are written. At least one. `placeOf` says where in a sender's stream a message is, as SQL. */
export function insertMessages(
  messages: readonly PlacedMessage[],
  placeOf: (message: PlacedMessage) => string = ({ syncSeq }) => String(syncSeq),
): string {
  const rows = messages.map(message => {
    const { conversationId, seq, count, senderId, senderVersion, mentionAll } = message;
    const place = placeOf(message);
    const { clientMsgId, type, content, replyTo, mentions, extra, sentAt, expiresAt } = message;
    const values = [clientMsgId, type, content, replyTo, mentions, extra, sentAt, expiresAt].map(literal).join();
    return `(${conversationId},${seq},${count},${senderId},${senderVersion},${place},${Number(mentionAll)},${values})`;
  });
  return `INSERT INTO message (${COLUMNS}) VALUES ${rows.join()}`;
}

/**
 * Writes down where conversations end now. Index: conversation PRIMARY. The columns that are not updated are those an
 * INSERT would need: the row is always there.
 */
export function advance(conversations: readonly LockedConversation[]): string {
  const rows = conversations.map(({ id, lastSeq, count, mentionAllSeq, at }) => {
    const time = literal(at);
    return `(${id},'','',${lastSeq},${count},${mentionAllSeq},${time},${time})`;
  });
  const columns = 'id, app, type, last_seq, count, mention_all_seq, last_at, created_at';
  const moved = ['last_seq', 'count', 'mention_all_seq', 'last_at'].map(column => `${column} = VALUES(${column})`);
  return upsert('conversation', columns, rows, moved.join());
}

/** The values of a message that is recalled or deleted for both sides: nobody can read it in the database either. */
export const ERASED = { content: '{}', mentions: null, mentionAll: false, extra: null, replyTo: null };

/** What an edit changes. */
export type Text = Pick<StoredMessage, 'content' | 'mentions' | 'editedAt'>;

/** Replaces the text of a message. Index: message PRIMARY. */
export function rewrite({ conversationId, seq }: StoredMessage, { content, mentions, editedAt }: Text): string {
  return `UPDATE message SET content = ${literal(content)}, mentions = ${literal(mentions)}, edited_at = ${literal(editedAt)}
    WHERE conversation_id = ${conversationId} AND seq = ${seq}`;
}

/** Says of an erased message who has taken it back, or that it is deleted. */
export type Erasure = { readonly recalledAt: Date; readonly recalledBy: number } | { readonly deletedAt: Date };

/** Erases the content of messages, with their pins, reactions and stars. */
export function erase({ id }: LockedConversation, seqs: readonly number[], erasure: Erasure): string[] {
  const mark =
    'deletedAt' in erasure
      ? `deleted_at = ${literal(erasure.deletedAt)}`
      : `recalled_at = ${literal(erasure.recalledAt)}, recalled_by = ${erasure.recalledBy}`;
  const where = `WHERE conversation_id = ${id} AND seq IN (${seqs.join()})`;
  return [
    // Index: message PRIMARY.
    `UPDATE message SET content = '{}', mentions = NULL, mention_all = 0, extra = NULL, reply_to = NULL, ${mark} ${where}`,
    // Index: PRIMARY, and message_star_conversation.
    ...['message_pin', 'message_reaction', 'message_star'].map(table => `DELETE FROM ${table} ${where}`),
  ];
}
