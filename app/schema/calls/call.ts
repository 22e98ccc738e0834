import type { TObject, TSchema } from '@sinclair/typebox';
import { Closed, Id, Seq } from '../common';
import type { ErrorCode } from '../errors';
import type { LimitKind } from '../limits';

/** One call: its routes on both transports, its validation and its documents are made from this. */
export interface Call {
  readonly about: string;
  /** Its form in REST; a call without one is an event alone. */
  readonly method?: 'get' | 'post' | 'patch' | 'delete';
  /** Below /api/v1; `:name` is a path parameter. */
  readonly path?: string;
  /** `open` does without an access token, `admin` takes the admin token in its place; neither is an event. Default: `token`. */
  readonly access?: 'token' | 'open' | 'admin';
  /** Not an event, because another call is, or because it is not JSON. */
  readonly restOnly?: true;
  readonly params?: TObject;
  readonly query?: TObject;
  readonly body?: TSchema;
  /** In place of a body it has a form with one file, field `file`. */
  readonly upload?: true;
  readonly data: TSchema;
  /** The codes beside those that follow from the form of a call. */
  readonly refusals?: readonly ErrorCode[];
  /** As what it is counted: of the caller's address where it is `open`, else of the user. Default: `reads` of a GET, else `writes`. */
  readonly limit?: LimitKind;
  /** Its work has a queue of its own, in which nobody waits for a connection of the database. */
  readonly queues?: true;
  /** Its answer may be as long as a page: few of them are made and sent at once. */
  readonly long?: true;
  /** `data` is a list and the answer may carry `nextCursor`. */
  readonly paged?: true;
}

/** As what a call is counted; whoever has the admin token may ask for anything as often as they like. */
export function limitOf({ access, limit, method }: Call): LimitKind | undefined {
  return access === 'admin' ? undefined : (limit ?? (method === 'get' ? 'reads' : 'writes'));
}

export const byUser = Closed({ userId: Id });
export const byConversation = Closed({ conversationId: Id });
export const byMessage = Closed({ conversationId: Id, seq: Seq });
export const byGroup = Closed({ groupId: Id });
export const byMember = Closed({ groupId: Id, userId: Id });

/** What a call may be refused with that concerns a conversation, a message of it, or writing to it. */
export const IN = ['CONVERSATION_NOT_FOUND', 'NOT_A_MEMBER'] as const;
export const AT = [...IN, 'MESSAGE_NOT_FOUND'] as const;
export const SPEAK = ['MUTED', 'BLOCKED', 'NOT_FRIENDS'] as const;
export const SEND = [...AT, ...SPEAK, 'NOT_ANSWERED', 'FORBIDDEN', 'CONFLICT', 'TOO_LARGE'] as const;
