import { Type, type Static, type TObject, type TSchema } from '@sinclair/typebox';
import type { ErrorCode } from './errors';
import { Closed, Empty, Id, Seq } from './common';
import { Conversation, ListConversations, ReadState, ReadTo, Typing, UnreadTotal, UpdateConversation } from './conversation';
import { AnswerGroupRequest, CreateGroup, Group, GroupRequest, Invite, Join, Joined, ListGroupRequests, ListMembers, Member, Members, UpdateGroup, UpdateMember } from './group';
import { Media } from './media';
import { EditMessage, ForwardMessages, History, ListReaders, ListStars, Message, Pin, PostMessage, React, Reader, ReceiptCount, RemoveMessages, SearchMessages, SendMessage, SentMessage, Star, StarredMessage } from './message';
import { SendNotice, SentNotice } from './notice';
import { AnswerFriend, AskFriend, BlockUser, Card, Friend, FriendRequest, ListFriendRequests, ListPeople, SearchUsers, UpdateFriend } from './person';
import { OnlineCount, Presence, Watch } from './presence';
import { Ack, Pull, PulledEntries } from './sync';
import { ChangePassword, Login, Me, Refresh, Register, Session, UpdateMe, User } from './user';

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
  /** `data` is a list and the answer may carry `nextCursor`. */
  readonly paged?: true;
}

const byUser = Closed({ userId: Id });
const byConversation = Closed({ conversationId: Id });
const byMessage = Closed({ conversationId: Id, seq: Seq });
const byGroup = Closed({ groupId: Id });
const byMember = Closed({ groupId: Id, userId: Id });

const IN = ['CONVERSATION_NOT_FOUND', 'NOT_A_MEMBER'] as const;
const AT = [...IN, 'MESSAGE_NOT_FOUND'] as const;
const SPEAK = ['MUTED', 'BLOCKED', 'NOT_FRIENDS'] as const;
const SEND = [...IN, ...SPEAK, 'FORBIDDEN', 'TOO_LARGE', 'BUSY'] as const;

/** Named `controller.action`: REST call and event `controller:action` are answered by the same action of app/controller. */
export const calls = {
  'auth.register': { method: 'post', path: '/auth/register', about: 'Makes an account and logs in', access: 'open', body: Register, data: Session, refusals: ['ACCOUNT_TAKEN'] },
  'auth.login': { method: 'post', path: '/auth/login', about: 'Begins a session of this device; what it had before ends', access: 'open', body: Login, data: Session, refusals: ['WRONG_CREDENTIALS', 'TOO_MANY_ATTEMPTS'] },
  'auth.refresh': { method: 'post', path: '/auth/refresh', about: 'Changes a refresh token for new tokens; using one twice ends the session', access: 'open', body: Refresh, data: Session, refusals: ['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'SESSION_CLOSED'] },
  'auth.logout': { method: 'post', path: '/auth/logout', about: 'Ends the session of this device', restOnly: true, data: Empty },
  'auth.password': { method: 'post', path: '/auth/password', about: 'Changes the password and ends the sessions of all other devices', body: ChangePassword, data: Empty, refusals: ['WRONG_CREDENTIALS', 'TOO_MANY_ATTEMPTS'] },

  'user.me': { method: 'get', path: '/users/me', about: 'Own profile', data: Me },
  'user.update': { method: 'patch', path: '/users/me', about: 'Changes the own profile', body: UpdateMe, data: Me },
  'user.search': { method: 'get', path: '/users', about: 'Users of the tenant: the one with that account first, then those with that phone number, then those whose name begins so', query: SearchUsers, data: Type.Array(Card), paged: true },
  'user.show': { method: 'get', path: '/users/:userId', about: 'Profile of a user', params: byUser, data: User, refusals: ['USER_NOT_FOUND'] },

  'friend.index': { method: 'get', path: '/friends', about: 'Own friends in order of id', query: ListPeople, data: Type.Array(Friend), paged: true },
  'friend.update': { method: 'patch', path: '/friends/:userId', about: 'Gives a friend another alias', params: byUser, body: UpdateFriend, data: Friend, refusals: ['NOT_FRIENDS'] },
  'friend.remove': { method: 'delete', path: '/friends/:userId', about: 'Ends a friendship; who is none is passed over', params: byUser, data: Empty, refusals: ['USER_NOT_FOUND'] },
  'friend.requests': { method: 'get', path: '/friend-requests', about: 'Friend requests, the latest first', query: ListFriendRequests, data: Type.Array(FriendRequest), paged: true },
  'friend.ask': { method: 'post', path: '/friend-requests', about: 'Asks a user to become a friend; when that user has asked already, they are friends at once', body: AskFriend, data: FriendRequest, refusals: ['USER_NOT_FOUND', 'BLOCKED', 'ALREADY_FRIENDS', 'FORBIDDEN'] },
  'friend.answer': { method: 'post', path: '/friend-requests/:userId', about: 'Answers the request of a user; one that was ignored may be answered later', params: byUser, body: AnswerFriend, data: FriendRequest, refusals: ['REQUEST_NOT_FOUND'] },
  'block.index': { method: 'get', path: '/blocks', about: 'Blocked users in order of id', query: ListPeople, data: Type.Array(Card), paged: true },
  'block.create': { method: 'post', path: '/blocks', about: 'Blocks a user, who can then neither write to the caller nor ask or invite them; friends stay friends', body: BlockUser, data: Empty, refusals: ['USER_NOT_FOUND', 'FORBIDDEN'] },
  'block.remove': { method: 'delete', path: '/blocks/:userId', about: 'Takes a block away; who is not blocked is passed over', params: byUser, data: Empty, refusals: ['USER_NOT_FOUND'] },

  'conversation.index': { method: 'get', path: '/conversations', about: 'Own conversations that have messages, and groups: pinned ones first, then the latest activity', query: ListConversations, data: Type.Array(Conversation), paged: true },
  'conversation.show': { method: 'get', path: '/conversations/:conversationId', about: 'One conversation', params: byConversation, data: Conversation, refusals: IN },
  'conversation.update': { method: 'patch', path: '/conversations/:conversationId', about: 'Pins, mutes, marks as unread or keeps a draft, for the caller', params: byConversation, body: UpdateConversation, data: Conversation, refusals: IN },
  'conversation.read': { method: 'post', path: '/conversations/:conversationId/read', about: 'Everything up to `seq` is read', params: byConversation, body: ReadTo, data: ReadState, refusals: [...IN, 'BUSY'] },
  'conversation.clear': { method: 'post', path: '/conversations/:conversationId/clear', about: 'Clears the history for the caller', params: byConversation, data: Conversation, refusals: IN },
  'conversation.remove': { method: 'delete', path: '/conversations/:conversationId', about: 'Deletes the conversation for the caller: it comes back with the next message, without the history before', params: byConversation, data: Empty, refusals: IN },
  'conversation.readAll': { method: 'post', path: '/read-all', about: 'Everything in all conversations is read', data: Empty, refusals: ['BUSY'] },
  'conversation.unread': { method: 'get', path: '/unread', about: 'The red dot: unread messages of all conversations', data: UnreadTotal },
  'conversation.typing': { about: 'Tells the others who are online that the caller is typing; nothing is stored. Not told in groups of more than 200', params: byConversation, body: Typing, data: Empty, refusals: [...IN, ...SPEAK, 'FORBIDDEN'] },

  'message.send': { method: 'post', path: '/messages', about: 'Sends a message to a conversation or a user. The answer comes after it is stored for every recipient', body: SendMessage, data: SentMessage, refusals: ['USER_NOT_FOUND', ...SEND] },
  'message.create': { method: 'post', path: '/conversations/:conversationId/messages', about: 'Sends to a conversation', restOnly: true, params: byConversation, body: PostMessage, data: SentMessage, refusals: SEND },
  'message.index': { method: 'get', path: '/conversations/:conversationId/messages', about: 'Roaming history in ascending `seq`: the latest page, the one before `before`, or the one after `after`', params: byConversation, query: History, data: Type.Array(Message), refusals: IN },
  'message.edit': { method: 'patch', path: '/conversations/:conversationId/messages/:seq', about: 'Edits an own text', params: byMessage, body: EditMessage, data: Message, refusals: [...AT, ...SPEAK, 'FORBIDDEN', 'TOO_LATE', 'TOO_LARGE'] },
  'message.recall': { method: 'post', path: '/conversations/:conversationId/messages/:seq/recall', about: 'Takes a message back: the sender for some time, owner and admins of a group always (an admin not that of the owner)', params: byMessage, data: Message, refusals: [...AT, 'FORBIDDEN', 'TOO_LATE'] },
  'message.remove': { method: 'delete', path: '/conversations/:conversationId/messages', about: 'Deletes messages for the caller, or own messages for both sides of a single conversation', params: byConversation, body: RemoveMessages, data: Empty, refusals: [...AT, 'FORBIDDEN'] },
  'message.react': { method: 'post', path: '/conversations/:conversationId/messages/:seq/reactions', about: 'Puts a reaction to a message or takes it away', params: byMessage, body: React, data: Empty, refusals: [...AT, ...SPEAK, 'FORBIDDEN', 'LIMIT_REACHED'] },
  'message.receipts': { method: 'get', path: '/conversations/:conversationId/messages/:seq/receipts', about: 'How many of the others have a message and have read it', params: byMessage, data: ReceiptCount, refusals: [...AT, 'FORBIDDEN'] },
  'message.readers': { method: 'get', path: '/conversations/:conversationId/messages/:seq/readers', about: 'Who of the others has read a message, in order of id', params: byMessage, query: ListReaders, data: Type.Array(Reader), paged: true, refusals: [...AT, 'FORBIDDEN'] },
  'message.forward': { method: 'post', path: '/messages/forward', about: 'Forwards messages, each by itself or merged into one', body: ForwardMessages, data: Type.Array(SentMessage), refusals: ['USER_NOT_FOUND', 'MESSAGE_NOT_FOUND', ...SEND] },
  'message.pin': { method: 'post', path: '/conversations/:conversationId/messages/:seq/pin', about: 'Pins a message in the conversation, or not any more; in groups owner and admins', params: byMessage, body: Pin, data: Empty, refusals: [...AT, ...SPEAK, 'FORBIDDEN', 'LIMIT_REACHED'] },
  'message.pins': { method: 'get', path: '/conversations/:conversationId/pins', about: 'Pinned messages, the latest pinned first', params: byConversation, data: Type.Array(Message), refusals: IN },
  'message.star': { method: 'post', path: '/conversations/:conversationId/messages/:seq/star', about: 'Stars a message for the caller, or not any more', params: byMessage, body: Star, data: Empty, refusals: AT },
  'message.stars': { method: 'get', path: '/stars', about: 'Starred messages, the latest starred first', query: ListStars, data: Type.Array(StarredMessage), paged: true },
  'message.search': { method: 'get', path: '/search', about: 'Own messages by words: conversations with the latest activity first, in each the latest messages first', query: SearchMessages, data: Type.Array(Message), paged: true, refusals: IN },

  'group.create': { method: 'post', path: '/groups', about: 'Makes a group of the caller and the members named', body: CreateGroup, data: Group, refusals: ['USER_NOT_FOUND', 'BLOCKED', 'GROUP_FULL'] },
  'group.show': { method: 'get', path: '/groups/:groupId', about: 'A group the caller is in, or one that may be joined', params: byGroup, data: Group, refusals: IN },
  'group.update': { method: 'patch', path: '/groups/:groupId', about: 'Changes a group (owner and admins)', params: byGroup, body: UpdateGroup, data: Group, refusals: [...IN, 'FORBIDDEN'] },
  'group.transfer': { method: 'post', path: '/groups/:groupId/transfer', about: 'Makes another member the owner (owner)', params: byGroup, body: byUser, data: Group, refusals: [...IN, 'FORBIDDEN', 'USER_NOT_FOUND'] },
  'group.dissolve': { method: 'delete', path: '/groups/:groupId', about: 'Ends a group, its conversation and messages (owner)', params: byGroup, data: Empty, refusals: [...IN, 'FORBIDDEN'] },
  'group.join': { method: 'post', path: '/groups/:groupId/join', about: 'Joins an open group, or asks to; a member stays one', params: byGroup, body: Join, data: Joined, refusals: ['CONVERSATION_NOT_FOUND', 'FORBIDDEN', 'GROUP_FULL'] },
  'group.leave': { method: 'post', path: '/groups/:groupId/leave', about: "Leaves the group; an owner's place goes to the admin, else member, who joined first", params: byGroup, data: Empty, refusals: IN },
  'member.index': { method: 'get', path: '/groups/:groupId/members', about: 'Members in order of id', params: byGroup, query: ListMembers, data: Type.Array(Member), paged: true, refusals: IN },
  'member.add': { method: 'post', path: '/groups/:groupId/members', about: 'Adds members (owner and admins; in an open group anybody)', params: byGroup, body: Members, data: Group, refusals: [...IN, 'FORBIDDEN', 'USER_NOT_FOUND', 'BLOCKED', 'GROUP_FULL'] },
  'member.remove': { method: 'delete', path: '/groups/:groupId/members', about: 'Removes members (owner and admins; an admin only plain members)', params: byGroup, body: Members, data: Group, refusals: [...IN, 'FORBIDDEN'] },
  'member.update': { method: 'patch', path: '/groups/:groupId/members/:userId', about: "Changes a member's role, mute or alias", params: byMember, body: UpdateMember, data: Member, refusals: [...IN, 'FORBIDDEN', 'USER_NOT_FOUND'] },
  'member.invite': { method: 'post', path: '/groups/:groupId/invitations', about: 'Invites users (owner and admins; in an open group anybody); members are passed over', params: byGroup, body: Invite, data: Type.Array(GroupRequest), refusals: [...IN, 'FORBIDDEN', 'USER_NOT_FOUND', 'BLOCKED', 'GROUP_FULL'] },
  'member.requests': { method: 'get', path: '/groups/:groupId/requests', about: 'Requests to join and invitations that wait for an answer, the latest first (owner and admins)', params: byGroup, query: ListGroupRequests, data: Type.Array(GroupRequest), paged: true, refusals: [...IN, 'FORBIDDEN'] },
  'member.answer': { method: 'post', path: '/groups/:groupId/requests/:userId', about: 'Answers a request to join (owner and admins), or the own invitation', params: byMember, body: AnswerGroupRequest, data: GroupRequest, refusals: [...IN, 'FORBIDDEN', 'REQUEST_NOT_FOUND', 'GROUP_FULL'] },
  'member.invitations': { method: 'get', path: '/group-requests', about: 'Own invitations and requests to join, the latest first', query: ListGroupRequests, data: Type.Array(GroupRequest), paged: true },

  'presence.watch': { about: 'Tells who of these is online, and from now on of every change, until the connection ends or the caller may not see it any more', body: Watch, data: Type.Array(Presence), refusals: ['FORBIDDEN', 'LIMIT_REACHED', 'BUSY'] },
  'presence.unwatch': { about: 'Tells nothing more of these', body: Watch, data: Empty },
  'presence.show': { method: 'post', path: '/presence', about: 'Who of these is online', body: Watch, data: Type.Array(Presence), refusals: ['FORBIDDEN'] },
  'presence.count': { method: 'get', path: '/presence/count', about: 'How many are online', data: OnlineCount },

  'notice.create': { method: 'post', path: '/notices', about: 'Sends a system notice to users, or to all of a tenant', access: 'admin', body: SendNotice, data: SentNotice, refusals: ['UNAUTHENTICATED', 'USER_NOT_FOUND', 'TOO_LARGE'] },
  'media.create': { method: 'post', path: '/media', about: 'Uploads a file as `multipart/form-data`, field `file`', restOnly: true, upload: true, data: Media, refusals: ['TOO_LARGE', 'INVALID_INPUT'] },

  'sync.pull': { method: 'get', path: '/sync', about: 'Entries of the own stream after a place', query: Pull, data: PulledEntries },
  'sync.ack': { method: 'post', path: '/sync/ack', about: 'This device has everything up to `syncSeq`', body: Ack, data: Empty, refusals: ['BUSY'] },
} satisfies Record<string, Call>;

export type CallName = keyof typeof calls;

type Part<C, P extends string> = C extends Record<P, infer S extends TSchema> ? Static<S> : unknown;
/** What a call takes, whatever the transport: parameters of path and query and the body side by side. */
export type Input<N extends CallName> = Part<(typeof calls)[N], 'params'> &
  Part<(typeof calls)[N], 'query'> &
  Part<(typeof calls)[N], 'body'>;
export type Data<N extends CallName> = Static<(typeof calls)[N]['data']>;

export const callNames = Object.keys(calls) as CallName[];

/** The event of a call, `noun:verb`; undefined when it has none. */
export function eventOf(name: CallName): string | undefined {
  const { access, restOnly }: Call = calls[name];
  return access || restOnly ? undefined : name.replace('.', ':');
}

/** The payload of a call's event: all its input as one object. */
export function payloadOf({ params, query, body }: Call): TSchema {
  const parts = [params, query, body].filter(part => part !== undefined);
  if (parts.length === 1) return parts[0];
  return Closed(Object.assign({}, ...parts.map(part => (part as TObject).properties)) as TObject['properties']);
}
