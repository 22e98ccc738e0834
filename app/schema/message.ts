import { Type, type Static, type TSchema } from '@sinclair/typebox';
import { about, Closed, Id, JsonObject, Limit, Place, Seq, Time, Url } from './common';

const Size = Type.Integer({ minimum: 0, description: 'bytes' });
const Pixels = Type.Integer({ minimum: 1, maximum: 65535 });
const media = { url: Url, size: Size, mime: Type.String({ pattern: '^[\\w.+-]+/[\\w.+-]+$', maxLength: 128 }) };
const Name = Type.String({ minLength: 1, maxLength: 255 });
const Duration = Type.Number({ minimum: 0, description: 'seconds' });
const picture = { width: Type.Optional(Pixels), height: Type.Optional(Pixels), thumbnailUrl: Type.Optional(Url) };

/** What a message of each type holds. */
export const contents = {
  text: Closed({ text: Type.String({ minLength: 1, description: 'at most `IM_TEXT_MAX_BYTES` bytes of UTF-8' }) }),
  image: Closed({ ...media, ...picture, name: Type.Optional(Name) }),
  video: Closed({ ...media, ...picture, duration: Type.Optional(Duration), name: Type.Optional(Name) }),
  voice: Closed({ ...media, duration: Duration }),
  file: Closed({ ...media, name: Name }),
  location: Closed({
    latitude: Type.Number({ minimum: -90, maximum: 90 }),
    longitude: Type.Number({ minimum: -180, maximum: 180 }),
    name: Type.Optional(Name),
    address: Type.Optional(Type.String({ maxLength: 512 })),
  }),
  custom: JsonObject,
} satisfies Record<string, TSchema>;

export type MessageType = keyof typeof contents;

export const ClientMsgId = Type.String({
  pattern: '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$',
  description: 'UUID made by the sender; the same one again is the same message',
});

const details = {
  replyTo: Type.Optional(about(Seq, '`seq` of the message of this conversation that is answered')),
  mentions: Type.Optional(
    Type.Array(Id, { maxItems: 100, uniqueItems: true, description: 'members whom the message names' }),
  ),
  extra: Type.Optional(about(JsonObject, 'whatever the clients agree on; at most `IM_EXTRA_MAX_BYTES` bytes of JSON')),
};

const names = Object.keys(contents) as MessageType[];

const body = (type: MessageType) => ({
  clientMsgId: ClientMsgId,
  type: Type.Literal(type),
  content: contents[type],
  ...details,
});
const discriminator = { propertyName: 'type' };

/** `message:send`: to a conversation, or to a user, with whom the single conversation is made when it is not there. */
export const SendMessage = Type.Union(
  names.map(type =>
    Closed({
      conversationId: Type.Optional(about(Id, 'where to; this or `to`')),
      to: Type.Optional(Closed({ userId: Id }, { description: 'to whom; this or `conversationId`' })),
      ...body(type),
    }),
  ),
  { discriminator },
);
export type SendMessage = Static<typeof SendMessage>;

/** `POST /conversations/:id/messages`: the path names the conversation. */
export const PostMessage = Type.Union(
  names.map(type => Closed(body(type))),
  { discriminator },
);

export const Message = Closed({
  conversationId: Id,
  seq: about(Seq, 'place in the conversation'),
  clientMsgId: ClientMsgId,
  senderId: Id,
  type: Type.Union(names.map(type => Type.Literal(type))),
  content: Type.Unsafe<Record<string, unknown>>({ type: 'object', description: 'by `type`, as it was sent' }),
  ...details,
  sentAt: about(Time, 'when it was stored'),
});
export type Message = Static<typeof Message>;

export const SentMessage = Closed({
  ...Message.properties,
  syncSeq: about(Seq, "place of its entry in the sender's own stream"),
});
export type SentMessage = Static<typeof SentMessage>;

export const History = Closed({
  before: Type.Optional(about(Seq, 'messages before this `seq`, the nearest; with `after`: of those between')),
  after: Type.Optional(about(Place, 'messages after this `seq`, the nearest')),
  limit: Limit(50, 200),
});
export type History = Static<typeof History>;
