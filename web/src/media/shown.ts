import type { Attachment } from 'egg-im-client';

/** What is shown of a message, of one on its way, and of one of those that were forwarded as one. */
export interface Shown {
  readonly type: string;
  readonly content: Record<string, unknown>;
  /** Where it is, as soon as it is stored. */
  readonly conversationId?: string;
  readonly seq?: number;
  readonly clientMsgId?: string;
  /** The ids of those whom it names, and whether it names all. */
  readonly mentions?: readonly string[];
  readonly mentionAll?: true;
  /** Files that are not uploaded yet. */
  readonly attachment?: Attachment;
  readonly poster?: Attachment;
  readonly state?: 'waiting' | 'failed' | 'sent';
}
