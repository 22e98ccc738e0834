import type { Conversation, UnreadTotal } from '../protocol.js';
import type { Changes } from '../store/changes.js';
import type { Reading } from '../store/store.js';
import type { ConversationRow, Intent } from '../store/tables.js';
import type { People } from './people.js';
import { Value, type Live } from './value.js';
import type { View } from './views.js';

/** A conversation as a list shows it: with the names of now, and with what was read and written here and is not sent yet. */
export interface ConversationView extends Conversation {
  /** What the user has begun to write. */
  readonly draft?: string;
  /** A message to it was refused, and waits for what the user does with it. */
  readonly hasFailed: boolean;
}

/** A view, and what it was made of. */
interface Made {
  readonly row: ConversationRow;
  readonly of: readonly unknown[];
  readonly view: ConversationView;
}

/** The conversations of the user: all are held, as a list of them is sorted by all. */
export class Conversations implements View {
  readonly #rows = new Map<string, ConversationRow>();
  readonly #ones = new Map<string, Value<ConversationView | undefined>>();
  /** One of which nothing has changed stays the same object: a page need not look at it again. */
  readonly #made = new Map<string, Made>();
  #intents = new Map<string, Intent>();
  #failed = new Set<string>();
  readonly list = new Value<readonly ConversationView[]>([]);
  readonly unread = new Value<UnreadTotal>({ total: 0, muted: 0, mentioned: false });

  constructor(private readonly people: People) {}

  /** One of them, also when it is not in the list. */
  one(id: string): Live<ConversationView | undefined> {
    const known = this.#ones.get(id) ?? new Value(this.#viewOf(this.#rows.get(id)));
    this.#ones.set(id, known);
    return known;
  }

  /** The single conversation with a user. */
  with(userId: string): string | undefined {
    return [...this.#rows.values()].find(each => each.type === 'single' && each.peerId === userId)?.id;
  }

  /** Ids of those of which more is to be known than the stream has told. */
  stale(): string[] {
    return [...this.#rows.values()].filter(each => each.stale).map(each => each.id);
  }

  async refresh(t: Reading, changes: Changes): Promise<void> {
    if (changes.all) await this.#readAll(t);
    for (const id of changes.conversations) {
      const row = await t.get('conversations', [id]);
      if (row) this.#rows.set(id, row);
      else this.#forget(id);
    }
    const isTouched = changes.conversations.length > 0 || changes.cards.length > 0 || changes.lists.length > 0;
    if (!changes.all && !isTouched) return;
    this.#intents = new Map((await t.list('intents')).map(each => [each.conversationId, each]));
    const failed = (await t.list('outbox')).filter(each => each.state === 'failed');
    this.#failed = new Set(failed.flatMap(each => each.conversationId ?? this.with(each.to?.userId ?? '') ?? []));
    this.#tell();
  }

  #forget(id: string): void {
    this.#rows.delete(id);
    this.#made.delete(id);
  }

  async #readAll(t: Reading): Promise<void> {
    this.#rows.clear();
    this.#made.clear();
    for (const row of await t.list('conversations')) this.#rows.set(row.id, row);
  }

  #tell(): void {
    const views = [...this.#rows.values()].map(row => this.#viewOf(row)!);
    this.list.set(views.filter(isListed).sort(asTheServerSorts));
    this.unread.set(totalOf(this.list.value));
    for (const [id, value] of this.#ones) value.set(this.#viewOf(this.#rows.get(id)));
  }

  #viewOf(row: ConversationRow | undefined): ConversationView | undefined {
    if (!row) return undefined;
    const { readSeq = 0, draft = row.settings.draft } = this.#intents.get(row.id) ?? {};
    const { name, avatar } = this.#faceOf(row);
    const of = [readSeq, draft, name, avatar, this.#failed.has(row.id)];
    const known = this.#made.get(row.id);
    if (known?.row === row && known.of.every((each, index) => each === of[index])) return known.view;
    const { spans: _spans, changed: _changed, mentionSeq: _mentionSeq, stale: _stale, ...shown } = row;
    const isRead = readSeq >= row.lastSeq && row.lastSeq > 0;
    const view: ConversationView = {
      ...shown,
      name,
      avatar,
      readSeq: Math.max(readSeq, row.readSeq),
      ...(isRead && { unread: 0, mentioned: false, settings: { ...shown.settings, markedUnread: false } }),
      ...(draft && { draft }),
      hasFailed: this.#failed.has(row.id),
    };
    this.#made.set(row.id, { row, of, view });
    return view;
  }

  #faceOf({ type, peerId, name, avatar }: ConversationRow): { name: string; avatar?: string } {
    if (type !== 'single' || !peerId) return { name, avatar };
    const card = this.people.cards.value.get(peerId);
    return { name: this.people.nameOf(peerId) ?? name, avatar: card ? card.avatar : avatar };
  }
}

const isListed = ({ type, lastSeq, settings }: ConversationView) =>
  (type === 'group' || lastSeq > 0) && !settings.hidden;

function asTheServerSorts(a: ConversationView, b: ConversationView): number {
  const pinned = Number(b.settings.pinned) - Number(a.settings.pinned);
  if (pinned !== 0) return pinned;
  if (a.lastAt !== b.lastAt) return a.lastAt < b.lastAt ? 1 : -1;
  return Number(b.id) - Number(a.id);
}

function totalOf(list: readonly ConversationView[]): UnreadTotal {
  const countOf = ({ unread, settings }: ConversationView) => Math.max(unread, settings.markedUnread ? 1 : 0);
  const sum = (some: readonly ConversationView[]) => some.reduce((total, each) => total + countOf(each), 0);
  return {
    total: sum(list.filter(each => each.settings.notify !== 'none')),
    muted: sum(list.filter(each => each.settings.notify === 'none')),
    mentioned: list.some(each => each.mentioned),
  };
}
