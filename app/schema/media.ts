import { Type, type Static } from '@sinclair/typebox';
import { about, Closed, Url } from './common';

export const Media = Closed({
  url: about(Url, 'path of this server, for the content of a message or a picture of a profile'),
  size: Type.Integer({ description: 'bytes' }),
  mime: Type.String(),
  name: Type.Optional(Type.String({ description: 'of the file that was uploaded' })),
});
export type Media = Static<typeof Media>;
