import { Type } from '@sinclair/typebox';
import { Empty } from '../common';
import {
  AnswerFriend,
  AskFriend,
  BlockUser,
  Card,
  Friend,
  FriendRequest,
  ListFriendRequests,
  ListPeople,
  UpdateFriend,
} from '../person';
import { byUser, type Call } from './call';

export const contactCalls = {
  'friend.index': {
    method: 'get',
    path: '/friends',
    about: 'Own friends in order of id',
    query: ListPeople,
    data: Type.Array(Friend),
    paged: true,
  },
  'friend.update': {
    method: 'patch',
    path: '/friends/:userId',
    about: 'Gives a friend another alias',
    params: byUser,
    body: UpdateFriend,
    data: Friend,
    refusals: ['NOT_FRIENDS', 'USER_NOT_FOUND'],
  },
  'friend.remove': {
    method: 'delete',
    path: '/friends/:userId',
    about: 'Ends a friendship; who is none is passed over',
    params: byUser,
    data: Empty,
    refusals: ['USER_NOT_FOUND'],
  },
  'friend.requests': {
    method: 'get',
    path: '/friend-requests',
    about: 'Friend requests, the latest first',
    query: ListFriendRequests,
    data: Type.Array(FriendRequest),
    paged: true,
  },
  'friend.ask': {
    method: 'post',
    path: '/friend-requests',
    about: 'Asks a user to become a friend; when that user has asked already, they are friends at once',
    body: AskFriend,
    limit: 'friendRequests',
    data: FriendRequest,
    refusals: ['USER_NOT_FOUND', 'BLOCKED', 'ALREADY_FRIENDS', 'FORBIDDEN'],
  },
  'friend.answer': {
    method: 'post',
    path: '/friend-requests/:userId',
    about: 'Answers the request of a user; one that was ignored may be answered later',
    params: byUser,
    body: AnswerFriend,
    data: FriendRequest,
    refusals: ['REQUEST_NOT_FOUND', 'USER_NOT_FOUND'],
  },

  'block.index': {
    method: 'get',
    path: '/blocks',
    about: 'Blocked users in order of id',
    query: ListPeople,
    data: Type.Array(Card),
    paged: true,
  },
  'block.create': {
    method: 'post',
    path: '/blocks',
    about: 'Blocks a user, who can then neither write to the caller nor ask or invite them; friends stay friends',
    body: BlockUser,
    data: Empty,
    refusals: ['USER_NOT_FOUND', 'FORBIDDEN'],
  },
  'block.remove': {
    method: 'delete',
    path: '/blocks/:userId',
    about: 'Takes a block away; who is not blocked is passed over',
    params: byUser,
    data: Empty,
    refusals: ['USER_NOT_FOUND'],
  },
} satisfies Record<string, Call>;
