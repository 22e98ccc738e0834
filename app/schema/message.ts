import { Type, type Static, type TSchema } from '@sinclair/typebox';
import { Closed, Id, JsonObject, Place, Seq, Time, Url } from './common';

const Size = Type.Integer({ minimum: 0, description: 'bytes' });
const Pixels = Type.Integer({ minimum: 1, maximum: 65535 });
const media = { url: Url, size: Size, mime: Type.String({ pattern: '^[\\w.+-]+/[\\w.+-]+$', maxLength: 128 }) };
const Name = Type.String({ minLength: 1, maxLength: 255 });
const Duration = Type.Number({ minimum: 0, description: 'seconds' });
const picture = { width: Type.Optional(Pixels), height: Type.Optional(Pixels), thumbnailUrl: Type.Optional(Url) };

/** What a message of each type holds. */
export const contents = {
  text: Closed({ text: Type.String({ minLength: 1 }) }),
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
  replyTo: Type.Optional(Type.Integer({ ...Seq, description: 'seq of the message that is answered' })),
  mentions: Type.Optional(Type.Array(Id, { maxItems: 100, uniqueItems: true })),
  extra: Type.Optional(JsonObject),
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
      conversationId: Type.Optional(Id),
      to: Type.Optional(Closed({ userId: Id })),
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
  seq: Seq,
  clientMsgId: ClientMsgId,
  senderId: Id,
  type: Type.Union(names.map(type => Type.Literal(type))),
  content: Type.Unsafe<Record<string, unknown>>({ type: 'object', description: 'by type, as it was sent' }),
  ...details,
  sentAt: Time,
});
export type Message = Static<typeof Message>;

export const SentMessage = Closed({ ...Message.properties, syncSeq: Seq });
export type SentMessage = Static<typeof SentMessage>;

export const History = Closed({
  before: Type.Optional(Seq),
  after: Type.Optional(Place),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
});
export type History = Static<typeof History>;
