import { Type, type Static } from '@sinclair/typebox';
import { about, Closed, Id } from './common';
import { Presence } from './presence';
import { Head, PushedEntries, SessionClosed } from './sync';

export const Failure = Closed({
  code: Type.String({ description: 'stable; one of the table of errors' }),
  message: Type.String({ description: 'a sentence in the language of the caller' }),
  retryable: Type.Boolean({ description: 'the same request may succeed later' }),
  retryAfterMs: Type.Optional(
    Type.Integer({
      minimum: 1,
      description: 'milliseconds to wait before the same request; in REST `Retry-After` too',
    }),
  ),
  details: Type.Optional(Type.Unknown({ description: 'what exactly was refused, by code' })),
});

const TypingUser = Closed({ conversationId: Id, userId: about(Id, 'who is typing'), typing: Type.Boolean() });

/** Events the server sends; nothing is answered to them. */
export const serverEvents = {
  'sync:head': {
    about: 'Where the own stream stands: after connecting, and whenever it moved and no push said so',
    payload: Head,
  },
  'sync:push': { about: 'Entries as they are committed, the same as a pull gives', payload: PushedEntries },
  'conversation:typing': {
    about: 'A member is typing, or has stopped; forget it after 10 s without another',
    payload: TypingUser,
  },
  'presence:changed': {
    about: 'A user who is watched has come online, gone, or on another platform',
    payload: Presence,
  },
  'session:closed': {
    about: 'The session of this device has ended; the connection is closed after this',
    payload: SessionClosed,
  },
  'connection:closed': {
    about:
      'A newer connection has taken the place of this one, which is closed after this: do not connect again by yourself',
    payload: Closed({ error: Failure }),
  },
  'request:failed': {
    about: 'The refusal of an event that was sent without an ack callback',
    payload: Closed({ event: Type.String(), error: Failure }),
  },
} as const;

export type ServerEventName = keyof typeof serverEvents;
export type ServerEventPayload<E extends ServerEventName> = Static<(typeof serverEvents)[E]['payload']>;
