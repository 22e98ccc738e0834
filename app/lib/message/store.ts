import { literal, upsert } from '../database/statement';
import type { LockedConversation, PlacedMessage } from './locked_conversation';

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
