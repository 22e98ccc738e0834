import type { Message } from '../../app/schema/message';
import type { EntryData, EntryType } from '../../app/schema/sync';
import { messagesOf, type Entry } from './replica';

/** What a device shows of one conversation. */
export interface View {
  readonly messages: Message[];
  readonly pinned: number[];
  readonly starred: number[];
}

interface Marks {
  /** reaction → user ids */
  reactions: Map<string, Set<string>>;
  pinned: boolean;
  starred: boolean;
}

const unmarked = (): Marks => ({ reactions: new Map(), pinned: false, starred: false });

/** A model of a client: what a conversation looks like after a stream, whether it was pushed or pulled. */
export function viewOf(conversationId: string, entries: readonly Entry[]): View {
  const messages = new Map<number, Message>();
  const marks = new Map<number, Marks>();
  const marksAt = (seq: number) => {
    const those = marks.get(seq) ?? unmarked();
    marks.set(seq, those);
    return those;
  };
  for (const entry of entries) {
    if (!('conversationId' in entry) || entry.conversationId !== conversationId) continue;
    for (const message of messagesOf(entry)) {
      messages.set(message.seq, message);
      if (entry.type === 'message.recalled') marks.delete(message.seq);
    }
    when(entry, 'message.deleted', ({ seq }) => messages.delete(seq));
    when(entry, 'message.hidden', ({ seqs }) => seqs.forEach(seq => messages.delete(seq)));
    when(entry, 'message.pinned', ({ seq, pinned }) => (marksAt(seq).pinned = pinned));
    when(entry, 'message.starred', ({ seq, starred }) => (marksAt(seq).starred = starred));
    when(entry, 'message.reacted', ({ seq, reaction, userId, reacted }) => {
      const { reactions } = marksAt(seq);
      const userIds = reactions.get(reaction) ?? new Set();
      reactions.set(reaction, userIds);
      if (reacted) userIds.add(userId);
      else userIds.delete(userId);
    });
  }
  const seqs = [...messages.keys()].sort((a, b) => a - b);
  return {
    messages: seqs.map(seq => withReactions(messages.get(seq)!, marks.get(seq))),
    pinned: seqs.filter(seq => marks.get(seq)?.pinned),
    starred: seqs.filter(seq => marks.get(seq)?.starred),
  };
}

function when<T extends EntryType>(entry: Entry, type: T, apply: (data: EntryData<T>) => void): void {
  if (entry.type === type) apply(entry.data);
}

function withReactions(message: Message, marks: Marks | undefined): Message {
  const reactions = [...(marks?.reactions ?? [])]
    .filter(([, userIds]) => userIds.size > 0)
    .map(([reaction, userIds]) => ({ reaction, count: userIds.size, userIds: [...userIds] }));
  return inOrder({ ...message, ...(reactions.length > 0 && { reactions }) });
}

/** A message with its reactions in an order that does not depend on when they were put there. */
export function inOrder({ reactions, ...message }: Message): Message {
  if (!reactions) return message;
  const sorted = reactions.map(each => ({ ...each, userIds: [...each.userIds].sort() }));
  return { ...message, reactions: sorted.sort((a, b) => (a.reaction < b.reaction ? -1 : 1)) };
}
