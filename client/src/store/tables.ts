import type {
  Card,
  Conversation,
  Friend,
  FriendRequest,
  Group,
  GroupRequest,
  Me,
  Member,
  Message,
} from '../protocol.js';
import type { OutboxItem } from '../outbox/item.js';

/** Places in a conversation between which, both included, all messages are held that there are. */
export type Span = readonly [from: number, to: number];

/** What is known of a conversation. */
export interface ConversationRow extends Conversation {
  /** In order, none touching the next. */
  readonly spans: readonly Span[];
  /** `syncSeq` of the latest entry that has changed more of it than a new message does. */
  readonly changed: number;
  /** The latest message that mentions the user, as far as that is known. */
  readonly mentionSeq: number;
  /** More is to be known of it than the stream has told: it is asked for. */
  readonly stale?: true;
}

/** What the user has done to a conversation and the server does not know yet. */
export interface Intent {
  readonly conversationId: string;
  /** Up to which place the user has read. */
  readonly readSeq?: number;
  /** Empty: none any more. */
  readonly draft?: string;
}

/** How far the stream of the user is applied. */
export interface Place {
  /** `syncSeq` of the last entry. */
  readonly last: number;
  /** Of which history; another one begins anew. */
  readonly epoch: string;
}

export interface Mark {
  readonly conversationId: string;
  readonly seq: number;
}

/** The rows of each table, and in which order their keys are. */
export interface Tables {
  /** ['place'] */
  place: Place;
  /** ['me'] */
  me: Me;
  /** [id] */
  conversations: ConversationRow;
  /** [conversationId, seq] */
  messages: Message;
  /** [userId] */
  cards: Card;
  /** [userId] */
  friends: Friend;
  /** [from, to] */
  friendRequests: FriendRequest;
  /** [userId] */
  blocks: { readonly userId: string };
  /** [groupId] */
  groups: Group;
  /** [groupId, userId]; of groups in `memberLists` all of them */
  members: Member;
  /** [groupId] */
  memberLists: { readonly groupId: string };
  /** [groupId, userId, kind] */
  groupRequests: GroupRequest;
  /** [conversationId, seq]; of conversations in `pinLists` all of them */
  pins: Mark;
  /** [conversationId] */
  pinLists: { readonly conversationId: string };
  /** [conversationId, seq] */
  stars: Mark;
  /** [conversationId] */
  intents: Intent;
  /** [order] */
  outbox: OutboxItem;
}

/** What is loaded anew when the stream can not be followed any more; the rest is the user's own. */
export const SYNCED = [
  'place',
  'me',
  'conversations',
  'messages',
  'cards',
  'friends',
  'friendRequests',
  'blocks',
  'groups',
  'members',
  'memberLists',
  'groupRequests',
  'pins',
  'pinLists',
  'stars',
] as const satisfies readonly (keyof Tables)[];

export const TABLES = [...SYNCED, 'intents', 'outbox'] as const satisfies readonly (keyof Tables)[];
