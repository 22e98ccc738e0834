import type { Message } from '../schema/message';

const RECALLED = '[消息已撤回]';
/** What stands for what a client of an older protocol can not show. */
const NAMES: Readonly<Record<string, string>> = {
  image: '[图片]',
  video: '[视频]',
  voice: '[语音]',
  file: '[文件]',
  location: '[位置]',
  merged: '[聊天记录]',
  custom: '[自定义消息]',
};

/** A message as a text, whatever it is. `origin` is put in front of addresses of this server. */
export function wordsOf({ type, content, recalled }: Message, origin: string): string {
  if (recalled) return RECALLED;
  const { text = '', url, name } = content as { text?: string; url?: string; name?: string };
  if (type === 'text') return text;
  return [NAMES[type] ?? `[${type}]`, name, absolute(url, origin)].filter(Boolean).join(' ');
}

/** An address as it can be opened from anywhere; empty where there is none. */
export function absolute(url: string | undefined, origin: string): string {
  return url?.startsWith('/') ? origin + url : (url ?? '');
}
