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
  /** To a conversation. */
  readonly conversationId?: string;
  /** To a user, with whom there may be no conversation yet. */
  readonly to?: { readonly userId: string };
  readonly type: SentType;
  /** What the server is sent; with an attachment what is shown of it until it is there. */
  readonly content: Record<string, unknown>;
  /** A file, which is uploaded before. */
  readonly attachment?: Attachment;
  /** A picture to be shown before a video is. */
  readonly poster?: Attachment;
  /** `seq` of the message that it answers. */
  readonly replyTo?: number;
  /** Ids of members who are mentioned. */
  readonly mentions?: string[];
  /** All members are mentioned. */
  readonly mentionAll?: true;
  /** What the application adds. */
  readonly extra?: Record<string, unknown>;
}

/** A message on its way. */
export interface OutboxItem extends Draft {
  /** Its place among all that wait. */
  readonly order: number;
  /** Those of one lane are sent one after the other: all to the same receiver, whichever way it was named. */
  readonly lane: string;
  /** By it the server stores the message once, however often it is sent. */
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
