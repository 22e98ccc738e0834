import type { Single } from './entry';

/** The last of new messages in a single conversation that another has sent, and where in the stream it is. */
export type PlacedSingle = Omit<Single, 'senderId'> & { readonly syncSeq: number };

/** Single conversations of which a connection remembers what it was given. */
const REMEMBERED = 200;

/**
 * What a connection was pushed and its device has not acknowledged: whoever acknowledges that need not look into the stream for what
 * has been delivered by it.
 */
export class Given {
  /** All entries from `start` to `end` were pushed by this connection. */
  private start = 1;
  private end = 0;
  /** Whether everything before `start` is acknowledged. */
  private isWhole = false;
  /** The last message of each single conversation among them, and where in the stream it is. Most connections have none. */
  private singles?: Map<number, PlacedSingle>;

  /** Entries were pushed, from one place to another without a gap. */
  push(from: number, to: number, singles: readonly PlacedSingle[]): void {
    if (from !== this.end + 1) this.forget(from);
    this.end = Math.max(this.end, to);
    if (singles.length === 0) return;
    this.singles ??= new Map();
    for (const single of singles) this.singles.set(single.conversationId, single);
    if (this.singles.size > REMEMBERED) this.forget(this.end + 1);
  }

  /** Whether what an acknowledgement of this place passes is known here. */
  knows(syncSeq: number): boolean {
    return this.isWhole && syncSeq <= this.end;
  }

  /** What an acknowledgement passes, which is known, or has been looked up. */
  take(syncSeq: number): PlacedSingle[] {
    this.isWhole = syncSeq >= this.start - 1;
    if (this.isWhole && syncSeq > this.end) [this.start, this.end] = [syncSeq + 1, syncSeq];
    const passed = [...(this.singles?.values() ?? [])].filter(single => single.syncSeq <= syncSeq);
    for (const { conversationId } of passed) this.singles?.delete(conversationId);
    return passed;
  }

  /** Something was not written that `take` has given: it has to be looked up. */
  lose(): void {
    this.isWhole = false;
  }

  private forget(next: number): void {
    [this.start, this.end] = [next, next - 1];
    this.isWhole = false;
    this.singles = undefined;
  }
}
