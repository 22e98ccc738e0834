import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../schema/errors';
import { Json, jsonWith } from '../../schema/json';
import type { SentMessage } from '../../schema/message';
import { isStored, type Attachment } from '../media/attachment';
import { mentionsOf, toJson, type StoredMessage } from '../message/row';

/** A message on its way into the store. `content` and `extra` are JSON. */
export interface Send {
  readonly app: string;
  readonly conversationId: number;
  readonly senderId: number;
  readonly clientMsgId: string;
  readonly type: string;
  readonly content: string;
  readonly replyTo: number | null;
  readonly mentions: readonly number[];
  readonly mentionAll: boolean;
  readonly extra: string | null;
  /** Where `content` is what the sender says of a file: its id and little more. */
  readonly attachment?: Attachment;
}

/**
 * Whether a send is the message that is stored under its id. What was edited, recalled or deleted since can not be compared any
 * more: there the conversation and the type decide.
 */
export function isResend(send: Send, stored: StoredMessage): boolean {
  if (send.conversationId !== stored.conversationId || send.type !== stored.type) return false;
  if (stored.editedAt ?? stored.recalledAt ?? stored.deletedAt) return true;
  const { attachment } = send;
  return (
    send.replyTo === stored.replyTo &&
    send.mentionAll === stored.mentionAll &&
    (attachment ? isStored(attachment, stored.content) : isSameJson(send.content, stored.content)) &&
    isSameJson(send.extra, stored.extra) &&
    isSameJson(mentionsOf(send.mentions), stored.mentions)
  );
}

/** The refusal of a send whose id another message of the sender has: it names that one, as it was answered. */
export function conflictWith(stored: StoredMessage): AppError {
  const { syncSeq } = stored;
  return new AppError('CONFLICT', jsonWith(new Json<Omit<SentMessage, 'syncSeq'>>(toJson(stored)), { syncSeq }));
}

/** A client that keeps its messages as objects may write their fields in another order the next time. */
function isSameJson(one: string | null, other: string | null): boolean {
  if (one === other) return true;
  return one !== null && other !== null && isDeepStrictEqual(JSON.parse(one), JSON.parse(other));
}
