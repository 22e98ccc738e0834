import type { Message } from '../../schema/message';
import { displayTime } from '../../schema/display_time';
import { absolute, wordsOf } from '../words';

/** One of the two users of a chat. */
export interface Party {
  readonly id: string;
  readonly account: string;
  readonly name: string;
  readonly avatar?: string;
}

/** How rows are written. */
export interface Manner {
  /** The tenant. */
  readonly app: string;
  readonly zone: string;
  /** In front of addresses of this server. */
  readonly origin: string;
}

/** A message as mini-programs know it: `friend…` is who got it, `user…` who sent it. */
export interface Row {
  /** Place in the conversation. */
  readonly id: number;
  readonly friendphone: string;
  readonly friendname: string;
  readonly friendavatar: string;
  readonly app_sid: string;
  readonly created_date: string;
  readonly userphone: string;
  readonly username: string;
  readonly useravatar: string;
  readonly content: string;
  /** 0 text, 1 image, 2 video. */
  readonly chat_type: number;
}

export function rowOf(message: Message, [one, other]: readonly [Party, Party], manner: Manner): Row {
  const [user, friend] = message.senderId === one.id ? [one, other] : [other, one];
  const { app: app_sid, zone } = manner;
  return {
    id: message.seq,
    friendphone: friend.account,
    friendname: friend.name,
    friendavatar: absolute(friend.avatar, manner.origin),
    app_sid,
    created_date: displayTime(message.sentAt, zone),
    userphone: user.account,
    username: user.name,
    useravatar: absolute(user.avatar, manner.origin),
    ...contentOf(message, manner),
  };
}

function contentOf(message: Message, { origin }: Manner): Pick<Row, 'content' | 'chat_type'> {
  const { type, content, recalled } = message;
  if (recalled || (type !== 'image' && type !== 'video')) return { content: wordsOf(message, origin), chat_type: 0 };
  const { url } = content as { url?: string };
  return { content: absolute(url, origin), chat_type: type === 'image' ? 1 : 2 };
}
