import type { Message } from '../../schema/message';
import { displayTime } from '../display_time';

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

const RECALLED = '[消息已撤回]';
/** What stands for what a mini-program can not show. */
const NAMES: Readonly<Record<string, string>> = {
  voice: '[语音]',
  file: '[文件]',
  location: '[位置]',
  merged: '[聊天记录]',
  custom: '[自定义消息]',
};

export function rowOf(message: Message, [one, other]: readonly [Party, Party], manner: Manner): Row {
  const [user, friend] = message.senderId === one.id ? [one, other] : [other, one];
  const { app: app_sid, zone } = manner;
  return {
    id: message.seq,
    friendphone: friend.account,
    friendname: friend.name,
    friendavatar: absolute(friend.avatar, manner),
    app_sid,
    created_date: displayTime(message.sentAt, zone),
    userphone: user.account,
    username: user.name,
    useravatar: absolute(user.avatar, manner),
    ...contentOf(message, manner),
  };
}

function contentOf({ type, content, recalled }: Message, manner: Manner): Pick<Row, 'content' | 'chat_type'> {
  if (recalled) return { content: RECALLED, chat_type: 0 };
  const { text, url, name } = content as { text?: string; url?: string; name?: string };
  if (type === 'text') return { content: text ?? '', chat_type: 0 };
  if (type === 'image' || type === 'video')
    return { content: absolute(url, manner), chat_type: type === 'image' ? 1 : 2 };
  return { content: [NAMES[type] ?? `[${type}]`, name, absolute(url, manner)].filter(Boolean).join(' '), chat_type: 0 };
}

/** An address as it can be opened from anywhere; empty where there is none. */
function absolute(url: string | undefined, { origin }: Manner): string {
  return url?.startsWith('/') ? origin + url : (url ?? '');
}
