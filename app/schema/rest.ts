import { Type, type TObject, type TSchema } from '@sinclair/typebox';
import type { ErrorCode } from '../lib/errors';
import { Closed, Empty, Id } from './common';
import { Conversation, ListConversations, ReadState, ReadTo } from './conversation';
import { CreateGroup, Group, ListMembers, Member, Members } from './group';
import { History, Message, PostMessage, SendMessage, SentMessage } from './message';
import { Ack, Pull, PulledEntries } from './sync';
import { ChangePassword, Login, Me, Refresh, Register, Session, UpdateMe, User } from './user';

/** One REST call: the routes, the validation and the documents are made from this. */
export interface Call {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** Below /api/v1; `:name` is a path parameter. */
  readonly path: string;
  readonly about: string;
  /** Does without an access token. */
  readonly open?: true;
  readonly params?: TObject;
  readonly query?: TObject;
  readonly body?: TSchema;
  readonly data: TSchema;
  /** The codes beside those that follow from the form of a call; the event of the same name has them too. */
  readonly refusals?: readonly ErrorCode[];
  /** `data` is a list and the answer may carry `nextCursor`. */
  readonly paged?: true;
}

const byId = Closed({ id: Id });

const MEMBER = ['CONVERSATION_NOT_FOUND', 'NOT_A_MEMBER'] as const;
const SEND = [...MEMBER, 'FORBIDDEN', 'TOO_LARGE', 'BUSY'] as const;

/** Named `controller.action`. */
export const rest = {
  'auth.register': { method: 'post', path: '/auth/register', about: 'Makes an account and logs in', open: true, body: Register, data: Session, refusals: ['ACCOUNT_TAKEN'] },
  'auth.login': { method: 'post', path: '/auth/login', about: 'Begins a session of this device; what it had before ends', open: true, body: Login, data: Session, refusals: ['WRONG_CREDENTIALS', 'TOO_MANY_ATTEMPTS'] },
  'auth.refresh': { method: 'post', path: '/auth/refresh', about: 'Changes a refresh token for new tokens; using one twice ends the session', open: true, body: Refresh, data: Session, refusals: ['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'SESSION_CLOSED'] },
  'auth.logout': { method: 'post', path: '/auth/logout', about: 'Ends the session of this device', data: Empty },
  'auth.password': { method: 'post', path: '/auth/password', about: 'Changes the password and ends the sessions of all other devices', body: ChangePassword, data: Empty, refusals: ['WRONG_CREDENTIALS', 'TOO_MANY_ATTEMPTS'] },
  'user.me': { method: 'get', path: '/users/me', about: 'Own profile', data: Me },
  'user.update': { method: 'patch', path: '/users/me', about: 'Changes the own profile', body: UpdateMe, data: Me },
  'user.show': { method: 'get', path: '/users/:id', about: 'Profile of a user', params: byId, data: User, refusals: ['USER_NOT_FOUND'] },
  'conversation.index': { method: 'get', path: '/conversations', about: 'Own conversations that have messages, and groups, the latest activity first', query: ListConversations, data: Type.Array(Conversation), paged: true },
  'conversation.show': { method: 'get', path: '/conversations/:id', about: 'One conversation', params: byId, data: Conversation, refusals: MEMBER },
  'conversation.read': { method: 'post', path: '/conversations/:id/read', about: 'Everything up to `seq` is read', params: byId, body: ReadTo, data: ReadState, refusals: [...MEMBER, 'BUSY'] },
  'message.index': { method: 'get', path: '/conversations/:id/messages', about: 'Roaming history in ascending `seq`: the latest page, the one before `before`, or the one after `after`', params: byId, query: History, data: Type.Array(Message), refusals: MEMBER },
  'message.create': { method: 'post', path: '/conversations/:id/messages', about: 'Sends to a conversation', params: byId, body: PostMessage, data: SentMessage, refusals: SEND },
  'message.send': { method: 'post', path: '/messages', about: 'Sends to a conversation or a user, as the event `message:send`', body: SendMessage, data: SentMessage, refusals: ['USER_NOT_FOUND', ...SEND] },
  'group.create': { method: 'post', path: '/groups', about: 'Makes a group of the caller and the members named', body: CreateGroup, data: Group, refusals: ['USER_NOT_FOUND', 'GROUP_FULL'] },
  'group.show': { method: 'get', path: '/groups/:id', about: 'A group the caller is in', params: byId, data: Group, refusals: MEMBER },
  'group.members': { method: 'get', path: '/groups/:id/members', about: 'Members in order of id', params: byId, query: ListMembers, data: Type.Array(Member), paged: true, refusals: MEMBER },
  'group.add': { method: 'post', path: '/groups/:id/members', about: 'Adds members (owner and admins)', params: byId, body: Members, data: Group, refusals: [...MEMBER, 'FORBIDDEN', 'USER_NOT_FOUND', 'GROUP_FULL'] },
  'group.remove': { method: 'delete', path: '/groups/:id/members', about: 'Removes members (owner and admins; an admin only plain members)', params: byId, body: Members, data: Group, refusals: [...MEMBER, 'FORBIDDEN'] },
  'group.leave': { method: 'post', path: '/groups/:id/leave', about: "Leaves the group; an owner's place goes to the admin, else member, who joined first", params: byId, data: Empty, refusals: MEMBER },
  'sync.pull': { method: 'get', path: '/sync', about: 'Entries of the own stream after a place, as `sync:pull`', query: Pull, data: PulledEntries },
  'sync.ack': { method: 'post', path: '/sync/ack', about: 'This device has everything up to `syncSeq`, as `sync:ack`', body: Ack, data: Empty, refusals: ['BUSY'] },
} satisfies Record<string, Call>;

export type CallName = keyof typeof rest;
