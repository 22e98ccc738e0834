import { Limits } from '../service_limits';
import type { Call } from './call';

export const limitsCalls = {
  'limits.show': {
    method: 'get',
    path: '/limits',
    about: 'The limits of this server, for clients to know before they send',
    access: 'open',
    data: Limits,
  },
} satisfies Record<string, Call>;
