import type { Message } from 'egg-im-client';

/** Whether a message is a notice that is over. */
export function isExpired(message: Pick<Message, 'type' | 'content'> | undefined): boolean {
  const until = message?.type === 'notice' ? message.content.expiresAt : undefined;
  return typeof until === 'string' && Date.parse(until) <= Date.now();
}
