import type { ImErrorCode } from '../error.js';
import type { Message } from '../protocol.js';

/** The types of messages that a client may send. */
export type SentType = 'text' | 'image' | 'video' | 'voice' | 'file' | 'location' | 'custom';

/** What is to be sent with a message and not uploaded yet. */
export interface Attachment {
  /** A Blob where there are some; elsewhere what the injected uploader takes, such as a path. */
  readonly source: unknown;
  readonly name?: string;
  /** Where its upload goes on. */
  readonly uploadUrl?: string;
}

/** A message as an application writes it: to a conversation, or to a user. */
export interface Draft {
  readonly conversationId?: string;
  readonly to?: { readonly userId: string };
  readonly type: SentType;
  /** What the server is sent; with an attachment what is shown of it until it is there. */
  readonly content: Record<string, unknown>;
  readonly attachment?: Attachment;
  /** A picture to be shown before a video is. */
  readonly poster?: Attachment;
  readonly replyTo?: number;
  readonly mentions?: string[];
  readonly mentionAll?: true;
  readonly extra?: Record<string, unknown>;
}

/** A message on its way. */
export interface OutboxItem extends Draft {
  /** Its place among all that wait. */
  readonly order: number;
  /** Those of one lane are sent one after the other: all to the same receiver, whichever way it was named. */
  readonly lane: string;
  readonly clientMsgId: string;
  readonly createdAt: string;
  /** `sent`: stored by the server, and to come by the stream. */
  readonly state: 'waiting' | 'failed' | 'sent';
  /** Why the server has refused it, for good. */
  readonly error?: { readonly code: ImErrorCode; readonly message: string };
  /** As the server has stored it. */
  readonly message?: Message;
  /** Where the stream brings it. */
  readonly syncSeq?: number;
}
