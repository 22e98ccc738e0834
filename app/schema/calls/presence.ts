import { Type } from '@sinclair/typebox';
import { Empty } from '../common';
import { ListOnline, OnlineCount, Presence, Watch } from '../presence';
import type { Call } from './call';

export const presenceCalls = {
  'presence.watch': {
    about:
      'Tells who of these is online, and from now on of every change, until the connection ends or the caller may not see it any more',
    body: Watch,
    limit: 'reads',
    data: Type.Array(Presence),
    refusals: ['FORBIDDEN', 'LIMIT_REACHED'],
  },
  'presence.unwatch': { about: 'Tells nothing more of these', body: Watch, limit: 'reads', data: Empty },
  'presence.show': {
    method: 'post',
    path: '/presence',
    about: 'Who of these is online',
    body: Watch,
    limit: 'reads',
    data: Type.Array(Presence),
    refusals: ['FORBIDDEN'],
  },
  'presence.index': {
    method: 'get',
    path: '/presence',
    about:
      'Those friends and members of own groups who are online, in order of id. A page may be short and not the last',
    query: ListOnline,
    data: Type.Array(Presence),
    paged: true,
  },
  'presence.count': { method: 'get', path: '/presence/count', about: 'How many are online', data: OnlineCount },
} satisfies Record<string, Call>;
