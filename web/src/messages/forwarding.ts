import type { Message } from 'egg-im-client';
import { shallowRef } from 'vue';

interface Forwarded {
  readonly conversationId: string;
  /** Places of the messages, in order. */
  readonly seqs: readonly number[];
  /** Called when they are forwarded. */
  readonly done?: () => void;
}

/** So many can be forwarded at once. */
export const MOST_FORWARDED = 100;

/** The messages for which it is asked where to. */
export const forwarded = shallowRef<Forwarded>();

/** Whether a message can be forwarded: what the server has written stays where it is. */
export function isForwardable({ senderId, type, recalled }: Message): boolean {
  return senderId !== undefined && type !== 'system' && !recalled;
}
