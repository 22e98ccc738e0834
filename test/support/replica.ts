import type { Static } from '@sinclair/typebox';
import type { Message } from '../../app/schema/message';
import type { Entry as EntrySchema, PulledEntries } from '../../app/schema/sync';

export type Entry = Static<typeof EntrySchema>;

/**
 * A model of what a client does with its stream: the next entry is applied, a known one dropped, and a gap pulled. It
 * refuses a page that does not begin at the gap, so that whatever it holds was delivered in order and once.
 */
export class Replica {
  readonly entries: Entry[] = [];
  private work = Promise.resolve();

  constructor(
    private readonly pull: (after: number) => Promise<PulledEntries>,
    public last = 0,
  ) {}

  get messages(): Message[] {
    return this.entries.flatMap(messagesOf);
  }

  /** Entries that were pushed. */
  take(entries: readonly Entry[]): Promise<void> {
    return this.enqueue(async () => {
      for (const entry of entries) {
        if (entry.syncSeq > this.last + 1) await this.catchUp(entry.syncSeq - 1);
        this.apply(entry);
      }
    });
  }

  /** The stream is said to stand here. */
  reach(head: number): Promise<void> {
    return this.enqueue(() => this.catchUp(head));
  }

  private async catchUp(head: number): Promise<void> {
    while (this.last < head) {
      const from = this.last;
      const { entries } = await this.pull(from);
      for (const entry of entries) this.apply(entry);
      if (this.last === from) throw new Error(`nothing after ${from}, though the head is said to be ${head}`);
    }
  }

  private apply(entry: Entry): void {
    if (entry.syncSeq <= this.last) return;
    if (entry.syncSeq !== this.last + 1) throw new Error(`entry ${entry.syncSeq} after ${this.last}: a gap`);
    this.last = entry.syncSeq;
    this.entries.push(entry);
  }

  /** One thing after the other: a push that arrives while a page is under way waits for it. */
  private enqueue(step: () => Promise<void>): Promise<void> {
    const done = this.work.then(step);
    this.work = done.catch(() => undefined);
    return done;
  }
}

export function messagesOf(entry: Entry): Message[] {
  return 'messages' in entry.data ? entry.data.messages : [];
}
