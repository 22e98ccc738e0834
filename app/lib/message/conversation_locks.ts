import { isLockTimeout, LockedByOther } from '../database/outage';
import type { Query } from '../database/session';
import { select, type Results } from '../database/statement';
import { lockConversations, lockFreeConversations, type ConversationRow } from './locked_conversation';

/** Conversations that are remembered as held at most; without the memory each costs one short wait more. */
const MOST = 10_000;

/** Conversations of which some are locked now. */
export interface Locked {
  readonly rows: readonly ConversationRow[];
  /** Those that another transaction holds. */
  readonly held: ReadonlySet<number>;
}

/**
 * Locks conversations and waits for none of them for long. What could not be had in a short time is from then on taken only if it
 * is free, until it is: whoever needs others in the same transaction does not wait for it again.
 */
export class ConversationLocks {
  /** Those that were waited for in vain, or beside such a one. */
  private readonly suspects = new Set<number>();

  /**
   * Locks those of these conversations that are there and not held, and runs further statements in the same round trip. Fails with a
   * conflict when one is held of which that was not known.
   */
  async lock<const S extends readonly string[]>(
    query: Query,
    ids: Iterable<number>,
    more: S,
  ): Promise<Locked & { readonly results: Results<S> }> {
    const sorted = [...new Set(ids)].sort((a, b) => a - b);
    const [calm, suspected] = [false, true].map(is => sorted.filter(id => this.suspects.has(id) === is));
    const locks = [
      ...(calm.length > 0 ? [lockConversations(calm)] : []),
      // Behind the others, whatever their ids: nobody waits for them.
      ...(suspected.length > 0 ? [lockFreeConversations(suspected)] : []),
    ];
    try {
      const results = await query([...locks, ...more]);
      const rows = (results.slice(0, locks.length) as ConversationRow[][]).flat();
      const held = suspected.length > 0 ? await this.heldOf(query, suspected, rows) : new Set<number>();
      return { rows, held, results: results.slice(locks.length) as Results<S> };
    } catch (error) {
      if (isLockTimeout(error)) this.suspect(calm);
      throw error;
    }
  }

  /** Of what was to be had only if free: what is there all the same. */
  private async heldOf(
    query: Query,
    suspected: readonly number[],
    rows: readonly ConversationRow[],
  ): Promise<Set<number>> {
    const free = new Set(rows.map(row => row.id));
    const missing = suspected.filter(id => !free.has(id));
    // Index: conversation PRIMARY.
    const there =
      missing.length > 0 ? (await query([select('conversation', ['id'], `WHERE id IN (${missing.join()})`)]))[0] : [];
    const held = new Set(there.map(row => row.id));
    for (const id of suspected) if (!held.has(id)) this.suspects.delete(id);
    return held;
  }

  private suspect(ids: readonly number[]): void {
    if (this.suspects.size > MOST) this.suspects.clear();
    for (const id of ids) this.suspects.add(id);
  }
}

/** Throws a conflict when a conversation is held. */
export function requireFree({ held }: Locked): void {
  if (held.size > 0) throw new LockedByOther();
}
