import type { Read } from '../database/session';
import { select } from '../database/statement';

/** A part of a conversation: `above` < seq ≤ `upTo`. */
export interface Stretch {
  readonly id: number;
  readonly above: number;
  readonly upTo: number;
}

/**
 * The last seq of a stretch that was sent before a time; `above` when none was. In a conversation times rise with seq, so
 * halving finds it: some twenty looks at a million messages. It may be one that has been purged.
 */
async function lastBefore(read: Read, time: Date, { id, above, upTo }: Stretch): Promise<number> {
  let [low, high] = [above, upTo];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    // Index: message PRIMARY. The next one that is there, as seqs may have been purged.
    const next = `WHERE conversation_id = ${id} AND seq BETWEEN ${middle} AND ${high} ORDER BY seq LIMIT 1`;
    const row = (await read(select('message', ['seq', 'sent_at'], next))).at(0);
    if (row && row.sent_at < time) low = row.seq;
    else high = middle - 1;
  }
  return low;
}

/** What of a stretch was sent from a time on, and before another. */
export async function narrowed(
  read: Read,
  stretch: Stretch,
  { from, until }: { readonly from?: string; readonly until?: string },
): Promise<Stretch> {
  const above = from ? await lastBefore(read, new Date(from), stretch) : stretch.above;
  const rest = { ...stretch, above };
  return until ? { ...rest, upTo: await lastBefore(read, new Date(until), rest) } : rest;
}
