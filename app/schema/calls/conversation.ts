import { Type } from '@sinclair/typebox';
import { Empty } from '../common';
import {
  ClearTo,
  Conversation,
  ListConversations,
  ReadState,
  ReadTo,
  Typing,
  UnreadTotal,
  UpdateConversation,
} from '../conversation';
import { byConversation, IN, SPEAK, type Call } from './call';

export const conversationCalls = {
  'conversation.index': {
    method: 'get',
    path: '/conversations',
    long: true,
    about: 'Own conversations that have messages, and groups: pinned ones first, then the latest activity',
    query: ListConversations,
    data: Type.Array(Conversation),
    paged: true,
  },
  'conversation.show': {
    method: 'get',
    path: '/conversations/:conversationId',
    about: 'One conversation',
    params: byConversation,
    data: Conversation,
    refusals: IN,
  },
  'conversation.update': {
    method: 'patch',
    path: '/conversations/:conversationId',
    about: 'Pins, mutes, marks as unread or keeps a draft, for the caller',
    params: byConversation,
    body: UpdateConversation,
    data: Conversation,
    refusals: IN,
  },
  'conversation.read': {
    method: 'post',
    path: '/conversations/:conversationId/read',
    queues: true,
    about: 'Everything up to `seq` is read',
    params: byConversation,
    body: ReadTo,
    limit: 'syncs',
    data: ReadState,
    refusals: IN,
  },
  'conversation.clear': {
    method: 'post',
    path: '/conversations/:conversationId/clear',
    about: 'Clears the history for the caller',
    params: byConversation,
    body: ClearTo,
    data: Conversation,
    refusals: IN,
  },
  'conversation.remove': {
    method: 'delete',
    path: '/conversations/:conversationId',
    about: 'Deletes the conversation for the caller: it comes back with the next message, without the history before',
    params: byConversation,
    body: ClearTo,
    data: Empty,
    refusals: IN,
  },
  'conversation.readAll': {
    method: 'post',
    path: '/read-all',
    about: 'Everything in all conversations is read',
    data: Empty,
  },
  'conversation.unread': {
    method: 'get',
    path: '/unread',
    about: 'The red dot: unread messages of all conversations',
    data: UnreadTotal,
  },
  'conversation.typing': {
    about:
      'Tells the others who are online that the caller is typing; nothing is stored. Not told in groups of more than 200',
    params: byConversation,
    body: Typing,
    limit: 'syncs',
    data: Empty,
    refusals: [...IN, ...SPEAK, 'FORBIDDEN'],
  },
} satisfies Record<string, Call>;
