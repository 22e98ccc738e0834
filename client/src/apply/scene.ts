import type { Conversation, Entry, Group, Message, Settings } from '../protocol.js';
import type { ChangeSet } from '../store/changes.js';
import type { Writing } from '../store/store.js';
import type { ConversationRow } from '../store/tables.js';
import { covers, without } from './spans.js';

export const untouched: Settings = {
  pinned: false,
  notify: 'normal',
  markedUnread: false,
  hidden: false,
  clearedSeq: 0,
};

/** Where the entries of one transaction are applied: the rows, and whose they are. */
export class Scene {
  constructor(
    readonly t: Writing,
    readonly userId: string,
    readonly changes: ChangeSet,
    /** `syncSeq` of the entry that is being applied. */
    public syncSeq = 0,
  ) {}

  conversation(id: string): Promise<ConversationRow | undefined> {
    return this.t.get('conversations', [id]);
  }

  async keep(row: ConversationRow): Promise<void> {
    this.changes.conversations.add(row.id);
    await this.t.put('conversations', [row.id], row);
  }

  /** Changes a conversation by an entry other than that of a new message; one that is not known, as it is gone, not at all. */
  async change(id: string, change: (row: ConversationRow) => Partial<ConversationRow>): Promise<void> {
    const row = await this.conversation(id);
    if (row) await this.keep({ ...row, ...change(row), changed: this.syncSeq });
  }

  async putMessage(message: Message): Promise<void> {
    this.changes.messages.add(message.conversationId);
    await this.t.put('messages', [message.conversationId, message.seq], message);
  }

  async removeMessage(id: string, seq: number): Promise<void> {
    this.changes.messages.add(id);
    await this.t.remove('messages', [id, seq]);
  }

  /** The row is not what the server has: whoever shows it has to load it anew. */
  async doubt(id: string, seq: number): Promise<void> {
    await this.change(id, ({ spans }) => ({ spans: without(spans, seq) }));
    await this.removeMessage(id, seq);
  }

  /** Takes off all marks of a message that is gone. */
  async unmark(id: string, seq: number): Promise<void> {
    await this.t.remove('pins', [id, seq]);
    await this.t.remove('stars', [id, seq]);
    this.changes.lists.add('stars');
  }

  /** Everything that is known of a conversation, which is none of the user's any more. */
  async forget(id: string): Promise<void> {
    for (const table of [
      'conversations',
      'messages',
      'groups',
      'members',
      'memberLists',
      'pins',
      'pinLists',
      'stars',
    ] as const) {
      await this.t.clear(table, [id]);
    }
    await this.t.remove('intents', [id]);
    this.changes.conversations.add(id);
    this.changes.messages.add(id);
    this.changes.groups.add(id);
    this.changes.lists.add('stars');
  }

  /**
   * Counts anew what is unread after a message has changed, and finds the latest message: from what is held, or, where that is not all,
   * by asking the server.
   */
  async recount(id: string): Promise<void> {
    const row = await this.conversation(id);
    if (!row) return;
    const { spans, lastSeq, settings } = row;
    const readSeq = Math.max(row.readSeq, settings.clearedSeq);
    const first = Math.min(readSeq + 1, row.lastMessage?.seq ?? lastSeq);
    if (!covers(spans, first, lastSeq)) return this.keep({ ...row, stale: true });
    const messages = await this.t.list('messages', { prefix: [id], after: [id, first - 1] });
    const unread = messages.filter(each => each.seq > readSeq && countsFor(this.userId, each));
    const mention = unread.filter(each => mentions(this.userId, each)).at(-1);
    const lastMessage = messages.at(-1);
    // What was the latest before is not known: only the server can tell.
    const isGone = row.lastMessage !== undefined && lastMessage === undefined;
    await this.keep({
      ...row,
      unread: unread.length,
      mentioned: mention !== undefined,
      mentionSeq: mention?.seq ?? 0,
      ...(lastMessage && { lastMessage }),
      ...(isGone && { stale: true }),
    });
  }
}

/** Whether a message is unread for a user who has not read up to it. */
export function countsFor(userId: string, { senderId, type, deleted }: Message): boolean {
  return senderId !== userId && type !== 'system' && !deleted;
}

export function mentions(userId: string, message: Message): boolean {
  return message.mentionAll ?? message.mentions?.includes(userId) ?? false;
}

/** A conversation as the server has shown it when the stream was applied up to `changed`. What is held of its messages stays. */
export function rowOf(shown: Conversation, changed: number, spans: ConversationRow['spans'] = []): ConversationRow {
  return {
    ...shown,
    spans,
    changed,
    // Which message it is that mentions the user is not said: until all is read it may be any.
    mentionSeq: shown.mentioned ? shown.lastSeq : 0,
  };
}

/** A conversation of which an entry has told, and nothing else yet. */
export function newRow(
  id: string,
  type: Conversation['type'],
  at: string,
  more: Partial<ConversationRow> = {},
): ConversationRow {
  return {
    ...{ id, type, name: '', lastSeq: 0, lastAt: at, readSeq: 0, unread: 0, mentioned: false, settings: untouched },
    ...{ spans: [], changed: 0, mentionSeq: 0 },
    ...more,
  };
}

/** What a group's conversation shows of the group. */
export function shownOf(
  { name, avatar, muteAll, ownerId }: Group,
  userId: string,
  role?: Conversation['role'],
): Partial<ConversationRow> {
  const known = role === 'owner' && ownerId !== userId ? 'member' : role;
  return { name, avatar, muteAll, role: ownerId === userId ? 'owner' : (known ?? 'member') };
}

/** An entry of one type, with the data of that type. */
export type EntryOf<T extends Entry['type']> = Extract<Entry, { type: T }>;
export type Handlers<Prefix extends string> = {
  [T in Extract<Entry['type'], `${Prefix}.${string}`>]: (scene: Scene, entry: EntryOf<T>) => Promise<void>;
};
