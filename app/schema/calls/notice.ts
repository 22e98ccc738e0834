import { SendNotice, SentNotice } from '../notice';
import type { Call } from './call';

export const noticeCalls = {
  'notice.create': {
    method: 'post',
    path: '/notices',
    about: 'Sends a system notice to users, or to all of a tenant',
    access: 'admin',
    body: SendNotice,
    data: SentNotice,
    refusals: ['UNAUTHENTICATED', 'USER_NOT_FOUND', 'TOO_LARGE'],
  },
} satisfies Record<string, Call>;
