import { Type } from '@sinclair/typebox';
import { Empty } from '../common';
import { BatchUsers, Card, SearchUsers } from '../person';
import {
  byDevice,
  ChangePassword,
  DestroyMe,
  Device,
  ListSessions,
  Login,
  Me,
  Refresh,
  Register,
  Session,
  UpdateMe,
  User,
} from '../user';
import { byUser, type Call } from './call';

export const accountCalls = {
  'auth.register': {
    method: 'post',
    path: '/auth/register',
    about: 'Makes an account and logs in',
    access: 'open',
    body: Register,
    limit: 'registrations',
    data: Session,
    refusals: ['REGISTRATION_CLOSED', 'TENANT_NOT_FOUND', 'ACCOUNT_TAKEN'],
  },
  'auth.login': {
    method: 'post',
    path: '/auth/login',
    about: 'Begins a session of this device; what it had before ends',
    access: 'open',
    body: Login,
    limit: 'logins',
    data: Session,
    refusals: ['TENANT_NOT_FOUND', 'WRONG_CREDENTIALS', 'TOO_MANY_ATTEMPTS'],
  },
  'auth.refresh': {
    method: 'post',
    path: '/auth/refresh',
    about: 'Changes a refresh token for new tokens; using one again after more than a minute ends the session',
    access: 'open',
    body: Refresh,
    limit: 'refreshes',
    data: Session,
    refusals: ['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'SESSION_CLOSED'],
  },
  'auth.logout': {
    method: 'post',
    path: '/auth/logout',
    about: 'Ends the session of this device',
    restOnly: true,
    data: Empty,
  },
  'auth.password': {
    method: 'post',
    path: '/auth/password',
    about: 'Changes the password, ends the sessions of all other devices, and gives this one new tokens',
    body: ChangePassword,
    data: Session,
    refusals: ['WRONG_CREDENTIALS', 'TOO_MANY_ATTEMPTS', 'SESSION_CLOSED'],
  },

  'session.index': {
    method: 'get',
    path: '/users/me/sessions',
    about: 'Own devices that are logged in, in order of their ids',
    query: ListSessions,
    data: Type.Array(Device),
    paged: true,
  },
  'session.remove': {
    method: 'delete',
    path: '/users/me/sessions/:deviceId',
    about: 'Ends the session of an own device, also of this one, and closes its connections',
    params: byDevice,
    data: Empty,
  },

  'user.me': { method: 'get', path: '/users/me', about: 'Own profile', data: Me },
  'user.update': {
    method: 'patch',
    path: '/users/me',
    about: 'Changes the own profile',
    body: UpdateMe,
    data: Me,
    refusals: ['MEDIA_NOT_FOUND'],
  },
  'user.destroy': {
    method: 'delete',
    path: '/users/me',
    about: [
      'Deletes the account: its profile, devices, friends and settings, and for both sides its single conversations.',
      'It leaves its groups, which it owned to others; what it wrote there stays, as that of a deleted user',
    ].join(' '),
    body: DestroyMe,
    data: Empty,
    refusals: ['WRONG_CREDENTIALS', 'TOO_MANY_ATTEMPTS'],
  },
  'user.search': {
    method: 'get',
    path: '/users',
    about:
      'Users of the tenant: the one with that account first, then those with that phone number, then those whose name begins so',
    query: SearchUsers,
    limit: 'searches',
    data: Type.Array(Card),
    paged: true,
  },
  'user.batch': {
    method: 'post',
    path: '/users/batch',
    about: 'The cards of users by their ids; those who are not there are passed over',
    body: BatchUsers,
    data: Type.Array(Card),
  },
  'user.show': {
    method: 'get',
    path: '/users/:userId',
    about: 'Profile of a user',
    params: byUser,
    data: User,
    refusals: ['USER_NOT_FOUND'],
  },
} satisfies Record<string, Call>;
