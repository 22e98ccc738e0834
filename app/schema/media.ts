import { Type, type Static } from '@sinclair/typebox';
import { about, Closed, Url } from './common';

export const MediaKind = Type.Union([
  Type.Literal('image'),
  Type.Literal('video'),
  Type.Literal('voice'),
  Type.Literal('file'),
]);
export type MediaKind = Static<typeof MediaKind>;

export const Media = Closed({
  id: Type.String({ description: 'of the medium: 22 characters' }),
  kind: about(MediaKind, 'what its content is: of which type a message with it is'),
  url: about(Url, 'path of this server, for the content of a message or a picture of a profile'),
  size: Type.Integer({ description: 'bytes' }),
  mime: Type.String(),
  name: Type.Optional(Type.String({ description: 'of the file that was uploaded' })),
  width: Type.Optional(Type.Integer({ description: 'pixels' })),
  height: Type.Optional(Type.Integer({ description: 'pixels' })),
  duration: Type.Optional(Type.Number({ description: 'seconds' })),
  blurhash: Type.Optional(
    Type.String({ description: 'a blurred picture as text, to show until the picture is there' }),
  ),
});
export type Media = Static<typeof Media>;
