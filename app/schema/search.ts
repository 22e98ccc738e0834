import { Type } from '@sinclair/typebox';
import { about, CURSOR, Closed, Id, Limit, Time } from './common';
import type { Decoded } from './decode';
import type { MessageType } from './content';

/** What has words to be found by: texts, names of media, names and addresses of places. */
export const searchedTypes = ['text', 'image', 'video', 'file', 'location'] as const satisfies MessageType[];

export const SearchMessages = Closed({
  q: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      pattern: '\\S',
      description:
        'words with blanks between, all of which are in the message, in upper or lower case; needed without `conversationId` and `type`',
    }),
  ),
  conversationId: Type.Optional(about(Id, 'only in this one')),
  senderId: Type.Optional(about(Id, 'only from this user')),
  type: Type.Optional(
    Type.Union(
      [...searchedTypes, 'link' as const].map(name => Type.Literal(name)),
      { description: 'only of this type; `link`: texts with an http(s) link in them' },
    ),
  ),
  from: Type.Optional(about(Time, 'only sent then or later')),
  until: Type.Optional(about(Time, 'only sent before then')),
  cursor: Type.Optional(Type.String({ maxLength: 64, description: CURSOR })),
  limit: Limit(20, 100),
});
export type SearchMessages = Decoded<typeof SearchMessages>;
