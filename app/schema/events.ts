import { Type, type TSchema } from '@sinclair/typebox';
import { Closed, Empty } from './common';
import { ReadConversation, ReadState } from './conversation';
import { SendMessage, SentMessage } from './message';
import { Ack, Head, Pull, PulledEntries, PushedEntries, SessionClosed } from './sync';

/** An event a client sends; its ack is `{ ok: true, data }` or `{ ok: false, error }`. */
export interface ClientEvent {
  readonly about: string;
  readonly payload: TSchema;
  readonly data: TSchema;
}

/** Each is answered by the action of the same name in app/io/controller: `noun:verb` by `noun.verb`. */
export const clientEvents = {
  'message:send': { about: 'Sends a message. The ack comes after it is stored for every recipient', payload: SendMessage, data: SentMessage },
  'sync:pull': { about: 'Asks for entries of the own stream after a place', payload: Pull, data: PulledEntries },
  'sync:ack': { about: 'This device has everything up to `syncSeq`', payload: Ack, data: Empty },
  'conversation:read': { about: 'Everything up to `seq` is read', payload: ReadConversation, data: ReadState },
} satisfies Record<string, ClientEvent>;

export type ClientEventName = keyof typeof clientEvents;

export const Failure = Closed({
  code: Type.String({ description: 'stable; one of the table of errors' }),
  message: Type.String({ description: 'a sentence in the language of the caller' }),
  retryable: Type.Boolean({ description: 'the same request may succeed later' }),
  details: Type.Optional(Type.Unknown({ description: 'what exactly was refused, by code' })),
});

/** Events the server sends; nothing is answered to them. */
export const serverEvents = {
  'sync:head': { about: 'Where the own stream stands: after connecting, and whenever it moved and no push said so', payload: Head },
  'sync:push': { about: 'Entries as they are committed, the same as a pull gives', payload: PushedEntries },
  'session:closed': { about: 'The session of this device has ended; the connection is closed after this', payload: SessionClosed },
  'request:failed': { about: 'The refusal of an event that was sent without an ack callback', payload: Closed({ event: Type.String(), error: Failure }) },
} satisfies Record<string, { about: string; payload: TSchema }>;

export type ServerEventName = keyof typeof serverEvents;
