import { covers, spanAt } from '../apply/spans.js';
import { asImError } from '../error.js';
import type { OutboxItem } from '../outbox/item.js';
import type { Changes } from '../store/changes.js';
import type { Reading } from '../store/store.js';
import type { ConversationRow } from '../store/tables.js';
import type { History } from './history.js';
import { EMPTY, readPart, type MessageList, type MessagesView, type Target } from './messages_view.js';
import { Value } from './value.js';
import type { View } from './views.js';

const PAGE = 50;
/** So many are shown at once; with more of them what is farthest away goes, and is loaded again on the way back. */
const MOST = 600;

/** Asks for what is missing, one thing after the other, and reads what is held. */
export class MessagePages implements MessageList, View {
  readonly #view = new Value<MessagesView>(EMPTY);
  #from = Infinity;
  /** Infinity: the latest, whatever comes. */
  #to = Infinity;
  #row: ConversationRow | undefined;
  #id: string | undefined;
  #work: Promise<void> = Promise.resolve();
  #isFilling = false;

  constructor(
    private readonly target: Target,
    private readonly history: History,
    private readonly ended: () => void,
  ) {
    this.#id = target.conversationId;
  }

  get value(): MessagesView {
    return this.#view.value;
  }

  subscribe(listener: (value: MessagesView) => void): () => void {
    return this.#view.subscribe(listener);
  }

  latest(): Promise<void> {
    return this.#enqueue(async () => {
      this.#from = Infinity;
      this.#to = Infinity;
      await this.#show();
      if (this.#row) await this.#ensure(this.#row.lastSeq);
      await this.#back();
    });
  }

  older(): Promise<void> {
    return this.#enqueue(async () => {
      if (this.value.hasOlder) await this.#back();
    });
  }

  newer(): Promise<void> {
    return this.#enqueue(async () => {
      if (!this.#id || this.#to === Infinity) return;
      const after = this.#to;
      if (!covers(this.#spans, after + 1, after + 1)) await this.history.after(this.#id, after, PAGE);
      await this.#show();
      const span = spanAt(this.#spans, after + 1);
      const rows = span ? await this.history.between(this.#id, after, span[1], PAGE) : [];
      this.#endAt(rows.length < PAGE ? (span?.[1] ?? after) : rows.at(-1)!.seq);
      this.#from = Math.max(this.#from, (this.value.messages.at(-MOST)?.seq ?? 0) || 0);
      await this.#show();
    });
  }

  /** Loads what could not be loaded before: there is a connection again. */
  reload(): Promise<void> {
    return this.#enqueue(() => this.#fill());
  }

  jumpTo(seq: number): Promise<void> {
    return this.#enqueue(async () => {
      if (!this.#id) return;
      const last = Math.min(seq + PAGE / 2, this.#row?.lastSeq ?? Infinity);
      const first = Math.max(1, seq - PAGE / 2);
      if (!covers(this.#spans, first, last)) await this.history.before(this.#id, last + 1, PAGE);
      await this.#show();
      this.#from = spanAt(this.#spans, seq) ? Math.max(first, spanAt(this.#spans, seq)![0]) : seq;
      this.#endAt(last);
      await this.#show();
    });
  }

  async jumpToDate(date: Date): Promise<number | undefined> {
    const seq = this.#id && (await this.history.from(this.#id, date, PAGE));
    if (seq) await this.jumpTo(seq);
    return seq || undefined;
  }

  close(): void {
    this.ended();
  }

  async refresh(t: Reading, changes: Changes): Promise<void> {
    this.#id ??= await this.#find(t);
    const id = this.#id;
    const isMine = id !== undefined && (changes.messages.includes(id) || changes.conversations.includes(id));
    if (!changes.all && !isMine && !changes.lists.includes('outbox')) return;
    const before = this.#row;
    this.#row = id === undefined ? undefined : await t.get('conversations', [id]);
    await this.#read(t);
    // Where the stream is loaded anew, or a message is in doubt, what is shown is not held any more; and where the latest could not
    // be loaded, or were not there yet, another tab may have them now.
    const isBegun = this.#from !== Infinity || this.#last === 0;
    const isWhole = !this.#row || (isBegun && covers(this.#spans, Math.min(this.#from, this.#last), this.#last));
    const isNew = this.#row !== undefined && before === undefined;
    if ((isWhole && !isNew) || this.#isFilling) return;
    this.#isFilling = true;
    void this.#enqueue(() => this.#fill());
  }

  /** Where that is the latest message, what comes is shown, too. */
  #endAt(seq: number): void {
    this.#to = seq >= (this.#row?.lastSeq ?? Infinity) ? Infinity : seq;
  }

  get #spans() {
    return this.#row?.spans ?? [];
  }

  /** The last place that is shown. */
  get #last(): number {
    return Math.min(this.#to, this.#row?.lastSeq ?? 0);
  }

  async #find(t: Reading): Promise<string | undefined> {
    const { userId } = this.target;
    if (userId === undefined) return undefined;
    return (await t.list('conversations')).find(each => each.type === 'single' && each.peerId === userId)?.id;
  }

  /** Reads what is shown. What is not whole stays as it was, until it is. */
  async #read(t: Reading): Promise<void> {
    const pending = (await t.list('outbox')).filter(each => this.#isMine(each));
    const id = this.#id;
    const last = this.#last;
    const from = Math.min(this.#from, last + 1);
    if (id === undefined || !this.#row) return this.#set({ ...EMPTY, pending, isLoading: this.value.isLoading });
    // Also as long as it is not known which are the latest: a page that showed nothing meanwhile would lose its place.
    const isSought = this.#from > last && last > 0 && this.value.messages.length > 0;
    if (isSought || !covers(this.#spans, from, last)) {
      return this.#set({ ...this.value, conversationId: id, pending });
    }
    const held = await readPart(t, this.#row, [from, last], pending);
    this.#set({ ...held, isLoading: this.value.isLoading });
  }

  #isMine({ conversationId, to, message }: OutboxItem): boolean {
    if (to && (to.userId === this.target.userId || to.userId === this.#row?.peerId)) return true;
    return this.#id !== undefined && (conversationId ?? message?.conversationId) === this.#id;
  }

  #set(view: MessagesView): void {
    this.#view.set(view);
  }

  /** Reads the store again. */
  #show(): Promise<void> {
    return this.history.read(async t => {
      this.#id ??= await this.#find(t);
      this.#row = this.#id === undefined ? undefined : await t.get('conversations', [this.#id]);
      await this.#read(t);
    });
  }

  /** Loads what is missing of what is shown. */
  async #fill(): Promise<void> {
    this.#isFilling = false;
    await this.#show();
    if (!this.#row) return;
    await this.#ensure(this.#last);
    if (this.#from === Infinity || !covers(this.#spans, this.#from, this.#last)) {
      this.#from = Infinity;
      await this.#back();
    }
  }

  /** Loads the page that ends with a place, unless that is held. */
  async #ensure(last: number): Promise<void> {
    if (!this.#id || last === 0 || spanAt(this.#spans, last)) return;
    await this.history.before(this.#id, last + 1, PAGE);
    await this.#show();
  }

  /** Goes a page back, in the store where it is held. */
  async #back(): Promise<void> {
    if (!this.#id || !this.#row) return;
    const last = Math.min(this.#from - 1, this.#last);
    if (last <= 0) return this.#show();
    if (!spanAt(this.#spans, last)) await this.history.before(this.#id, last + 1, PAGE);
    await this.#show();
    const span = spanAt(this.#spans, last);
    if (!span) return;
    const rows = await this.history.until(this.#id, last + 1, span[0], PAGE);
    this.#from = rows.length < PAGE ? span[0] : rows[0]!.seq;
    const shown = this.value.messages.filter(each => each.seq > last);
    // What is too much goes at the other end.
    if (rows.length + shown.length > MOST) this.#to = shown[MOST - rows.length - 1]?.seq ?? this.#to;
    await this.#show();
    if (rows.length < PAGE && span[0] > 1 && rows.length + shown.length < PAGE) await this.#back();
  }

  /** One thing after the other. What could not be loaded is told, and what was shown stays. */
  #enqueue(step: () => Promise<void>): Promise<void> {
    const done = this.#work.then(async () => {
      this.#set({ ...this.value, isLoading: true, error: undefined });
      try {
        await step();
        this.#set({ ...this.value, isLoading: false });
      } catch (error) {
        this.#set({ ...this.value, isLoading: false, error: asImError(error) });
      }
    });
    this.#work = done;
    return done;
  }
}
