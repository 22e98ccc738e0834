import { Type, type TProperties } from '@sinclair/typebox';
import { general, refusalsOfCall, refusalsOfEvent } from '../../../app/documents/refusals';
import type { ErrorCode } from '../../../app/schema/errors';

/* What docs/protocols promises to clients of older protocols. */

const Shape = (properties: TProperties) => Type.Object(properties, { additionalProperties: false });
const text = Type.String();

const Row = Shape({
  id: Type.Integer({ minimum: 1 }),
  friendphone: text,
  friendname: text,
  friendavatar: text,
  app_sid: Type.Literal('default'),
  created_date: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d$' }),
  userphone: text,
  username: text,
  useravatar: text,
  content: text,
  chat_type: Type.Integer({ minimum: 0, maximum: 2 }),
});

/** What a page of a mini-program is sent. */
export const Frame = Type.Union([
  Shape({
    code: Type.Literal(1),
    data: Type.Array(Row, { maxItems: 50 }),
    before: Type.Optional(Type.Number()),
  }),
  Shape({ code: Type.Literal(0), msg: Type.String({ pattern: '[\u4e00-\u9fff]' }), error: Type.Optional(text) }),
]);

const sent = {
  _method_: Type.Literal('SendMsg'),
  action: Type.Literal('3'),
  msgid: Type.String({ pattern: '^\\d+-\\d+$' }),
  nickname: text,
  avatar: text,
  uid: Type.Integer({ minimum: 1 }),
  ct: text,
  extra: Type.Unknown(),
};

/** Each of what `broadcastingListen` brings. */
export const Told = Type.Union([
  Shape(sent),
  Shape({ _method_: Type.Literal('DelMsg'), action: Type.Literal('4'), msgid: sent.msgid }),
  Shape({
    _method_: Type.Literal('SystemNot'),
    action: Type.Literal('1'),
    msgtype: Type.Unknown(),
    ct: text,
    msgid: Type.Unknown(),
    event: Type.Unknown(),
  }),
]);

/** A page of the history over HTTP. */
export const history = {
  data: Type.Array(Shape({ ...sent, time: Row.properties.created_date }), { maxItems: 50 }),
  paged: true,
} as const;

/** What `message` brings in the namespace /ws. */
export const WsMessage = Shape({
  id: sent.msgid,
  body: text,
  image: text,
  senderId: Type.String({ pattern: '^\\d+$' }),
  receiverId: Type.String({ pattern: '^\\d+$' }),
  conversationId: Type.String({ pattern: '^\\d+$' }),
  isGroup: Type.Boolean(),
  unReads: Type.Array(text, { maxItems: 1 }),
  createdAt: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }),
});

export const acks = {
  nothing: { data: Type.Unknown() },
  sendmsg: { data: Shape({ msgid: sent.msgid }) },
  message: {
    data: Shape({
      id: sent.msgid,
      conversationId: WsMessage.properties.conversationId,
      createdAt: WsMessage.properties.createdAt,
    }),
  },
} as const;

/** Of a connection that has not logged in, or not any more. */
export const STRANGER: readonly ErrorCode[] = [...general.token, 'TOO_MANY_CONNECTIONS'];
/** Of a handshake, and of `conn`. */
export const ENTER: readonly ErrorCode[] = [...STRANGER, ...general.any, ...general.body];
/** Of what is said over an open connection. */
export const SAY: readonly ErrorCode[] = [...refusalsOfEvent('message.send'), ...STRANGER];
export const READ: readonly ErrorCode[] = [...refusalsOfEvent('message.index'), ...STRANGER];
export const REMOVE: readonly ErrorCode[] = [...refusalsOfEvent('message.remove'), ...STRANGER];
export const ANNOUNCE: readonly ErrorCode[] = refusalsOfCall('notice.create');
export const JOIN: readonly ErrorCode[] = [...refusalsOfEvent('conversation.show'), ...STRANGER];
/** Over HTTP, where what is no input is refused, too. */
export const HTTP: readonly ErrorCode[] = [...ENTER, ...general.rest];
