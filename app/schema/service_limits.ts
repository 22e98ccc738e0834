import { Type, type Static } from '@sinclair/typebox';
import { about, Closed } from './common';

const Bytes = Type.Integer({ minimum: 1, description: 'bytes' });
const Seconds = Type.Integer({ minimum: 0, description: 'seconds' });

/** What a client has to keep to, as the server is configured. */
export const Limits = Closed({
  packetMaxBytes: about(Bytes, 'largest event and REST body'),
  textMaxBytes: about(Bytes, 'longest text of a message, in bytes of UTF-8'),
  contentMaxBytes: about(Bytes, 'largest content of other types, in bytes of JSON'),
  extraMaxBytes: about(Bytes, 'largest `extra`, in bytes of JSON'),
  mergedMaxBytes: about(Bytes, 'largest content of messages that are forwarded as one, in bytes of JSON'),
  mediaMaxBytes: Closed(
    { image: Bytes, video: Bytes, voice: Bytes, file: Bytes },
    { description: 'largest file of each kind of media' },
  ),
  groupMaxMembers: Type.Integer({ minimum: 1, description: 'most members of a group' }),
  recallSeconds: about(Seconds, 'how long a sender may take a message back'),
  editSeconds: about(Seconds, 'how long a sender may edit a text'),
});
export type Limits = Static<typeof Limits>;
