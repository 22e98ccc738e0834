import { Type } from '@sinclair/typebox';
import { Closed } from '../common';
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
  'upload.show': {
    method: 'get',
    path: '/uploads/:uploadId',
    queues: true,
    about: 'The file that an upload in parts has become, when it is whole. Its `id` is that of the upload',
    params: Closed({ uploadId: Type.String({ description: 'what the address of the upload ends with' }) }),
    data: Media,
    refusals: ['NOT_FOUND', 'TOO_LARGE', 'INVALID_INPUT'],
  },
} satisfies Record<string, Call>;
