import { Type, type Static } from '@sinclair/typebox';
import { about, Closed, MediaId, Url } from './common';

export const MediaKind = Type.Union([
  Type.Literal('image'),
  Type.Literal('video'),
  Type.Literal('voice'),
  Type.Literal('file'),
]);
export type MediaKind = Static<typeof MediaKind>;

export const Media = Closed({
  id: about(MediaId, 'what a message names it by'),
  kind: about(MediaKind, 'what its content is: of which type a message with it is'),
  size: Type.Integer({ description: 'bytes' }),
  mime: Type.String(),
  name: Type.Optional(Type.String({ description: 'of the file that was uploaded' })),
  width: Type.Optional(Type.Integer({ description: 'pixels' })),
  height: Type.Optional(Type.Integer({ description: 'pixels' })),
  duration: Type.Optional(Type.Number({ description: 'seconds' })),
  blurhash: Type.Optional(
    Type.String({ description: 'a blurred picture as text, to show until the picture is there' }),
  ),
  url: about(Url, 'where its uploader reads it for a while; the picture of a user or a group may be given so, too'),
  thumbnailUrl: Type.Optional(about(Url, 'of a small picture; good as long as `url`')),
});
export type Media = Static<typeof Media>;
