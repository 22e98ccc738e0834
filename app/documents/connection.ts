import { Type } from '@sinclair/typebox';
import { about, Closed, Place, Zone } from '../schema/common';
import { DeviceId, Platform } from '../schema/user';

/** What a connection begins with; app/io reads it field by field, because 2.x clients send it as a query string. */
export const Credentials = Closed({
  token: Type.String({ description: 'the access token' }),
  deviceId: Type.Optional(about(DeviceId, "as login answered it; another than the token's is refused")),
  platform: Type.Optional(about(Platform, 'for logs; what counts was said at login')),
  lang: Type.Optional(
    Type.String({
      description:
        'language of the sentences in failures: `zh…` or `en…`; with any other, or none: by `Accept-Language`',
    }),
  ),
  zone: Type.Optional(Zone),
  after: Type.Optional(
    about(Place, '`syncSeq` of the last entry that was applied: the server sends what follows without being asked'),
  ),
});
