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

  /** Not all of it is known: the server is asked. */
  async ask(id: string): Promise<void> {
    const row = await this.conversation(id);
    if (row) await this.keep({ ...row, stale: true });
  }

  /** The message that mentions the user may be another one, or none any more: where it is not held the server is asked. */
  async recheckMention(id: string): Promise<void> {
    const row = await this.conversation(id);
    if (!row?.mentioned) return;
    const message = await this.t.get('messages', [id, row.mentionSeq]);
    if (!message || !mentions(this.userId, message)) await this.ask(id);
  }

  /** The latest message is gone: the one before is shown, where that is held, or else the server is asked. */
  async stepBack(id: string): Promise<void> {
    const row = await this.conversation(id);
    if (!row?.lastMessage) return;
    const before = { prefix: [id], before: [id, row.lastMessage.seq], reverse: true, limit: 1 };
    const [lastMessage] = await this.t.list('messages', before);
    const isKnown = lastMessage !== undefined && covers(row.spans, lastMessage.seq, row.lastSeq);
    await this.keep({ ...row, lastMessage: isKnown ? lastMessage : undefined, ...(!isKnown && { stale: true }) });
  }
}

/** Whether a message is unread for a user who has not read up to it. */
export function countsFor(userId: string, { senderId, type, deleted }: Message): boolean {
  return senderId !== userId && type !== 'system' && !deleted;
}

export function mentions(userId: string, message: Message): boolean {
  return message.mentionAll ?? message.mentions?.includes(userId) ?? false;
}

/** Whether somebody with this role is asked by those who want to join a group. */
export function manages(role: Conversation['role']): boolean {
  return role === 'owner' || role === 'admin';
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

/** A group's conversation that is not in the list. */
export function hiddenRow(id: string, at: string): ConversationRow {
  return newRow(id, 'group', at, { settings: { ...untouched, hidden: true }, stale: true });
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
