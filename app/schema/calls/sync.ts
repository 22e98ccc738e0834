import { Ack, Acked, Pull, PulledEntries } from '../sync';
import type { Call } from './call';

export const syncCalls = {
  'sync.pull': {
    method: 'get',
    path: '/sync',
    long: true,
    about: 'Entries of the own stream after a place',
    query: Pull,
    limit: 'syncs',
    data: PulledEntries,
  },
  'sync.ack': {
    method: 'post',
    path: '/sync/ack',
    queues: true,
    about: 'This device has everything up to `syncSeq`',
    body: Ack,
    limit: 'syncs',
    data: Acked,
  },
} satisfies Record<string, Call>;
