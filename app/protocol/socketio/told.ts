import { randomUUID } from 'node:crypto';
import type { NoticeContent } from '../../schema/content';
import type { Message } from '../../schema/message';
import type { Card } from '../../schema/person';
import { isObject } from '../../schema/validate';
import { messageIdOf, type Place } from '../message_id';
import { absolute, wordsOf } from '../words';
import { textIn, userIdIn, type Payload } from './payload';

/** A message. */
export interface SendMsg {
  readonly _method_: 'SendMsg';
  readonly action: '3';
  readonly msgid: string;
  /** Of the sender, as all of these. */
  readonly nickname: string;
  readonly avatar: string;
  readonly uid: number;
  /** The text, or the address of what is none. */
  readonly ct: string;
  readonly extra: unknown;
}

/** A message is gone. */
export interface DelMsg {
  readonly _method_: 'DelMsg';
  readonly action: '4';
  readonly msgid: string;
}

/** A notice. */
export interface SystemNot {
  readonly _method_: 'SystemNot';
  readonly action: '1';
  readonly msgtype: unknown;
  readonly ct: string;
  readonly msgid: unknown;
  readonly event: unknown;
}

export type Told = SendMsg | DelMsg | SystemNot;

/** The `extra` of /im is an object, that of these clients is anything: it is a field of the other. */
const EXTRA = 'extra';
/** As is what else their notices have, in the `event` of a notice. */
const EVENT = 'socketio';
/** Their notices have no title. */
const TITLE = '系统通知';

/** The body of a message as /im takes it. Throws INVALID_INPUT. */
export function draftOf({ uid, msg, extra = '' }: Payload) {
  return {
    clientMsgId: randomUUID(),
    to: { userId: userIdIn(uid) },
    type: 'text',
    content: { text: textIn(msg, '/msg') },
    ...(extra !== '' && extra !== null && { extra: { [EXTRA]: extra } }),
  } as const;
}

/** A message of another user, or one of history. `origin` is put in front of addresses of this server. */
export function sendMsgOf(message: Message, sender: Card | undefined, origin: string): SendMsg {
  return {
    _method_: 'SendMsg',
    action: '3',
    msgid: messageIdOf(message),
    nickname: sender?.name ?? '',
    avatar: absolute(sender?.avatar, origin),
    uid: Number(message.senderId),
    ...contentOf(message, origin),
  };
}

function contentOf(message: Message, origin: string): Pick<SendMsg, 'ct' | 'extra'> {
  const { type, extra = {} } = message;
  if (type === 'text') return { ct: wordsOf(message, origin), extra: plainExtra(extra) };
  const content: typeof message.content = { ...message.content };
  for (const name of ['url', 'thumbnailUrl']) {
    const url = content[name];
    if (typeof url === 'string') content[name] = absolute(url, origin);
  }
  const { url } = content;
  return { ct: typeof url === 'string' ? url : wordsOf(message, origin), extra: { type, content } };
}

function plainExtra(extra: Payload): unknown {
  const names = Object.keys(extra);
  if (names.length === 0) return '';
  return names.length === 1 && EXTRA in extra ? extra[EXTRA] : extra;
}

export function delMsgOf(place: Place): DelMsg {
  return { _method_: 'DelMsg', action: '4', msgid: messageIdOf(place) };
}

/** What `systemadmin` asks for as /im takes it: to one user, or to all where none is named. Throws INVALID_INPUT. */
export function noticeOf({ uid, content, msgtype, msgid, event }: Payload) {
  const given = Object.entries({ msgtype, msgid, event }).filter(([, value]) => value);
  return {
    clientMsgId: randomUUID(),
    to: uid ? { userIds: [userIdIn(uid)] } : ('all' as const),
    title: TITLE,
    text: textIn(content, '/content'),
    event: { [EVENT]: Object.fromEntries(given) },
  };
}

/** A notice, whoever has sent it. */
export function systemNotOf(message: Message): SystemNot {
  // Of the type `notice`, as the caller says.
  const { title, text, event = {} } = message.content as NoticeContent;
  const told = { _method_: 'SystemNot', action: '1' } as const;
  const own = event[EVENT];
  if (!isObject(own)) {
    const ofOthers = Object.keys(event).length > 0 ? event : '';
    return { ...told, msgtype: 0, ct: `${title}\n${text}`, msgid: messageIdOf(message), event: ofOthers };
  }
  const { msgtype = 0, msgid = 0, event: ownEvent = '' } = own;
  return { ...told, msgtype, ct: text, msgid, event: ownEvent };
}
