import { Media } from '../media';
import type { Call } from './call';

export const mediaCalls = {
  'media.create': {
    method: 'post',
    path: '/media',
    queues: true,
    about: 'Uploads a file as `multipart/form-data`, field `file`',
    restOnly: true,
    upload: true,
    limit: 'uploads',
    data: Media,
    refusals: ['TOO_LARGE', 'INVALID_INPUT', 'QUOTA_EXCEEDED'],
  },
} satisfies Record<string, Call>;
