import { Type, type TObject, type TSchema } from '@sinclair/typebox';
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
  /** `data` is a list and the answer may carry `nextCursor`. */
  readonly paged?: true;
}

const byId = Closed({ id: Id });

/** Named `controller.action`. */
export const rest = {
  'auth.register': { method: 'post', path: '/auth/register', about: 'Makes an account and logs in', open: true, body: Register, data: Session },
  'auth.login': { method: 'post', path: '/auth/login', about: 'Begins a session of this device; what it had before ends', open: true, body: Login, data: Session },
  'auth.refresh': { method: 'post', path: '/auth/refresh', about: 'Changes a refresh token for new tokens; using one twice ends the session', open: true, body: Refresh, data: Session },
  'auth.logout': { method: 'post', path: '/auth/logout', about: 'Ends the session of this device', data: Empty },
  'auth.password': { method: 'post', path: '/auth/password', about: 'Changes the password and ends the sessions of all other devices', body: ChangePassword, data: Empty },
  'user.me': { method: 'get', path: '/users/me', about: 'Own profile', data: Me },
  'user.update': { method: 'patch', path: '/users/me', about: 'Changes the own profile', body: UpdateMe, data: Me },
  'user.show': { method: 'get', path: '/users/:id', about: 'Profile of a user', params: byId, data: User },
  'conversation.index': { method: 'get', path: '/conversations', about: 'Own conversations that have messages, and groups, the latest activity first', query: ListConversations, data: Type.Array(Conversation), paged: true },
  'conversation.show': { method: 'get', path: '/conversations/:id', about: 'One conversation', params: byId, data: Conversation },
  'conversation.read': { method: 'post', path: '/conversations/:id/read', about: 'Everything up to `seq` is read', params: byId, body: ReadTo, data: ReadState },
  'message.index': { method: 'get', path: '/conversations/:id/messages', about: 'Roaming history in ascending `seq`: the latest page, the one before `before`, or the one after `after`', params: byId, query: History, data: Type.Array(Message) },
  'message.create': { method: 'post', path: '/conversations/:id/messages', about: 'Sends to a conversation', params: byId, body: PostMessage, data: SentMessage },
  'message.send': { method: 'post', path: '/messages', about: 'Sends to a conversation or a user, as the event `message:send`', body: SendMessage, data: SentMessage },
  'group.create': { method: 'post', path: '/groups', about: 'Makes a group of the caller and the members named', body: CreateGroup, data: Group },
  'group.show': { method: 'get', path: '/groups/:id', about: 'A group the caller is in', params: byId, data: Group },
  'group.members': { method: 'get', path: '/groups/:id/members', about: 'Members in order of id', params: byId, query: ListMembers, data: Type.Array(Member), paged: true },
  'group.add': { method: 'post', path: '/groups/:id/members', about: 'Adds members (owner and admins)', params: byId, body: Members, data: Group },
  'group.remove': { method: 'delete', path: '/groups/:id/members', about: 'Removes members (owner and admins; an admin only plain members)', params: byId, body: Members, data: Group },
  'group.leave': { method: 'post', path: '/groups/:id/leave', about: "Leaves the group; an owner's place goes to the admin, else member, who joined first", params: byId, data: Empty },
  'sync.pull': { method: 'get', path: '/sync', about: 'Entries of the own stream after a place, as `sync:pull`', query: Pull, data: PulledEntries },
  'sync.ack': { method: 'post', path: '/sync/ack', about: 'This device has everything up to `syncSeq`, as `sync:ack`', body: Ack, data: Empty },
} satisfies Record<string, Call>;

export type CallName = keyof typeof rest;
