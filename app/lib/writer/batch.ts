import type { MemberCache } from '../message/members';

const MESSAGES = 500;
const BYTES = 2 << 20;
const RECIPIENTS = 20_000;
/** Bytes of all the copies that are pushed when every recipient is online. */
const COPIED = 64 << 20;

interface Sized {
  readonly conversationId: number;
  readonly content: string;
  readonly extra: string | null;
}

/** Characters of content and `extra`. */
export function sizeOf({ content, extra }: Sized): number {
  return content.length + (extra?.length ?? 0);
}

/** Begins a batch of sends, bounded in messages, bytes and rows, so that no transaction runs for long. */
export function batchOf(members: MemberCache) {
  return () => {
    let messages = 0;
    let bytes = 0;
    let copied = 0;
    let recipients = 0;
    const seen = new Set<number>();
    /** Whether one more send fits. */
    return (send: Sized): boolean => {
      const { conversationId } = send;
      const size = sizeOf(send);
      const howMany = members.size(conversationId);
      messages++;
      bytes += size;
      copied += size * howMany;
      if (!seen.has(conversationId)) recipients += howMany;
      seen.add(conversationId);
      return messages <= MESSAGES && bytes <= BYTES && copied <= COPIED && recipients <= RECIPIENTS;
    };
  };
}
