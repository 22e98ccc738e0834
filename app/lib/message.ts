import type { Row } from './database';

/** A stored message, its JSON columns still JSON: they are passed on as they are, never parsed by the server. */
export interface StoredMessage {
  readonly conversationId: number;
  readonly seq: number;
  readonly clientMsgId: string;
  readonly senderId: number;
  readonly type: string;
  readonly content: string;
  readonly replyTo: number | null;
  readonly mentions: string | null;
  readonly extra: string | null;
  readonly sentAt: Date;
}

export const MESSAGE_COLUMNS =
  'conversation_id, seq, client_msg_id, sender_id, type, content, reply_to, mentions, extra, sent_at, sync_seq';

export function fromRow(row: Row): StoredMessage {
  return {
    conversationId: row.conversation_id as number,
    seq: row.seq as number,
    clientMsgId: row.client_msg_id as string,
    senderId: row.sender_id as number,
    type: row.type as string,
    content: row.content as string,
    replyTo: row.reply_to as number | null,
    mentions: row.mentions as string | null,
    extra: row.extra as string | null,
    sentAt: row.sent_at as Date,
  };
}

/** The message as JSON text, as it goes over the wire. Written by hand because its content is JSON already. */
export function toJson(message: StoredMessage): string {
  return (
    `{"conversationId":"${message.conversationId}","seq":${message.seq},"clientMsgId":"${message.clientMsgId}",` +
    `"senderId":"${message.senderId}","type":"${message.type}","content":${message.content}` +
    (message.replyTo === null ? '' : `,"replyTo":${message.replyTo}`) +
    (message.mentions === null ? '' : `,"mentions":${message.mentions}`) +
    (message.extra === null ? '' : `,"extra":${message.extra}`) +
    `,"sentAt":"${message.sentAt.toISOString()}"}`
  );
}
