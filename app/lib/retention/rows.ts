import { COUNT } from '../message/uncount';
import { retrying } from '../database/retry';
import type { Query } from '../database/session';
import { literal, select, sql, type Select } from '../database/statement';

/** Takes things away a chunk at a time, and yields how many after each; 0 when it has only looked. */
export type Purging = AsyncGenerator<number, void>;

/** Rows that one DELETE takes, and that one SELECT looks at. */
const ROWS = 500;
/** Conversations, or streams, that are cut together: their rows are locked for as long as it takes to say so. */
const CUTS = 100;
const DAY_MS = 86_400_000;

export const daysBefore = (at: Date, days: number) => new Date(at.getTime() - days * DAY_MS);

/** Runs statements in a short transaction of their own. Returns how many rows each has changed. */
export function commit(query: Query, statements: readonly string[]): Promise<number[]> {
  return retrying(async () => {
    try {
      const headers = await query([...statements, 'COMMIT'], ['START TRANSACTION']);
      return headers.slice(0, -1).map(each => each.affectedRows);
    } catch (error) {
      await query(['ROLLBACK']);
      throw error;
    }
  });
}

/** Takes all rows away that some DELETEs find, so many at a time. */
async function* clear(query: Query, deletions: readonly string[]): Purging {
  for (;;) {
    const deleted = await commit(
      query,
      deletions.map(deletion => `${deletion} LIMIT ${ROWS}`),
    );
    yield deleted.reduce((sum, each) => sum + each);
    if (deleted.every(each => each < ROWS)) return;
  }
}

/** A row of a list, by its number. */
interface Placed {
  readonly place: number;
  readonly at: Date;
}

/** Who has a list, with the oldest row of it, if there is one. */
interface Owner {
  readonly id: number;
  readonly place: number | null;
  readonly at: Date | null;
}

/** Numbered rows of many owners, of which the oldest go first: the messages of conversations, the entries of streams. */
interface Lists<O extends Owner, R extends Placed> {
  /** Owners after an id, in order, each with its oldest row. */
  readonly owners: (after: number) => Select<O>;
  /** The rows of an owner after a place, in order. */
  readonly rows: (owner: O, after: number) => Select<R>;
  readonly isOver: (owner: O, row: Placed) => boolean;
  /** Says in the owner's row that the list now begins after this one. It may run again. */
  readonly cut: (owner: O, last: R) => string;
  /** The DELETEs of what the lists of these owners have before their beginning, in their order; the rows themselves last. */
  readonly deletions: (cuts: readonly Cut<O, R>[]) => string[][];
}

interface Cut<O, R> {
  readonly owner: O;
  readonly last: R;
  readonly rows: number;
}

/** Where lists are to be cut; undefined after each look at many owners. */
async function* findCuts<O extends Owner, R extends Placed>(
  query: Query,
  lists: Lists<O, R>,
): AsyncGenerator<Cut<O, R> | undefined> {
  let owners: O[] = [];
  do {
    [owners] = await query([lists.owners(owners.at(-1)?.id ?? 0)]);
    for (const owner of owners) {
      const { place, at } = owner;
      if (place !== null && at !== null && lists.isOver(owner, { place, at })) yield* findCutsOf(query, lists, owner);
    }
    yield undefined;
  } while (owners.length === ROWS);
}

/** Where one list is to be cut, step by step. */
async function* findCutsOf<O extends Owner, R extends Placed>(
  query: Query,
  lists: Lists<O, R>,
  owner: O,
): AsyncGenerator<Cut<O, R>> {
  for (let after = 0; ;) {
    const [rows] = await query([lists.rows(owner, after)]);
    const end = rows.findIndex(row => !lists.isOver(owner, row));
    const over = end === -1 ? rows : rows.slice(0, end);
    const last = over.at(-1);
    if (last) yield { owner, last, rows: over.length };
    if (!last || over.length < ROWS) return;
    after = last.place;
  }
}

/** First says that rows are gone, then takes them away: after a crash between the two they are found again. */
async function* purgeLists<O extends Owner, R extends Placed>(query: Query, lists: Lists<O, R>): Purging {
  let cuts: Cut<O, R>[] = [];
  for await (const cut of findCuts(query, lists)) {
    if (cut) cuts.push(cut);
    else yield 0;
    const rows = cuts.reduce((sum, each) => sum + each.rows, 0);
    if (cuts.length === 0 || (cut && cuts.length < CUTS && rows < ROWS)) continue;
    await commit(
      query,
      cuts.map(({ owner, last }) => lists.cut(owner, last)),
    );
    for (const deletions of lists.deletions(cuts)) yield* clear(query, deletions);
    cuts = [];
  }
}

/** What belongs to messages; the index is PRIMARY, or the key (conversation_id, seq). */
const OF_MESSAGES = ['message_reaction', 'message_pin', 'message_star', 'message_hidden'];

/** Index: message PRIMARY. */
function deletionsOfMessages(where: string): string[][] {
  return [OF_MESSAGES.map(table => `DELETE FROM ${table} WHERE ${where}`), [`DELETE FROM message WHERE ${where}`]];
}

interface Conversation extends Owner {
  readonly purged_seq: number;
}

/** Messages sent before a time, with all that belongs to them. Unread ones do not count as unread any more. */
export function purgeMessages(query: Query, before: Date): Purging {
  return purgeLists<Conversation, Placed>(query, {
    // Index: conversation PRIMARY, and the first row of message PRIMARY for each; ordered by the whole key, because MySQL reads
    // all rows of the conversation for an order by `seq` alone.
    owners: from =>
      sql(
        `SELECT id, purged_seq,
          (SELECT seq FROM message WHERE conversation_id = c.id ORDER BY conversation_id, seq LIMIT 1) AS place,
          (SELECT sent_at FROM message WHERE conversation_id = c.id ORDER BY conversation_id, seq LIMIT 1) AS at
        FROM conversation c WHERE id > ${from} ORDER BY id LIMIT ${ROWS}`,
      ),
    // Index: message PRIMARY.
    rows: ({ id }, after) =>
      sql(
        `SELECT seq AS place, sent_at AS at FROM message
        WHERE conversation_id = ${id} AND seq > ${after} ORDER BY seq LIMIT ${ROWS}`,
      ),
    isOver: (owner, { place, at }) => place <= owner.purged_seq || at < before,
    // Index: conversation PRIMARY, message PRIMARY.
    cut: ({ id }, { place }) =>
      `UPDATE conversation SET purged_seq = ${place},
        purged_count = (SELECT ${COUNT} FROM message WHERE conversation_id = ${id} AND seq = ${place})
      WHERE id = ${id} AND purged_seq < ${place}`,
    deletions: cuts => {
      const ranges = cuts.map(({ owner, last }) => `(conversation_id = ${owner.id} AND seq <= ${last.place})`);
      return deletionsOfMessages(ranges.join(' OR '));
    },
  });
}

/** All messages of dissolved groups, and what was asked there. */
export async function* purgeDissolved(query: Query): Purging {
  for (;;) {
    // Index: dissolved_conversation PRIMARY.
    const [rows] = await query([select('dissolved_conversation', ['conversation_id'], 'LIMIT 1')]);
    yield 0;
    if (rows.length === 0) return;
    const id = rows[0].conversation_id;
    const where = `conversation_id = ${id}`;
    // Index: group_request PRIMARY.
    yield* clear(query, [`DELETE FROM group_request WHERE group_id = ${id}`]);
    for (const deletions of deletionsOfMessages(where)) yield* clear(query, deletions);
    // Index: former_member PRIMARY. Not before the messages: it says which of them those who had left do not see.
    yield* clear(query, [`DELETE FROM former_member WHERE group_id = ${id}`]);
    await commit(query, [`DELETE FROM dissolved_conversation WHERE ${where}`]);
  }
}

interface Stream extends Owner {
  readonly first_seq: number;
  /** The least that a device has acknowledged whose session can go on; null when there is none. */
  readonly acked_seq: number | null;
}

/**
 * Entries of streams that every device has acknowledged and that are a day old, and whatever was written before a time. A device
 * that was not seen since `seen`, or whose session has ended, does not come back for them.
 */
export function purgeEntries(query: Query, now: Date, before: Date, seen: Date): Purging {
  const yesterday = daysBefore(now, 1);
  return purgeLists<Stream, Placed>(query, {
    // Index: user_inbox PRIMARY, and for each the first row of push_history PRIMARY, ordered as above, and its rows of device
    // PRIMARY.
    owners: from =>
      sql(
        `SELECT user_id AS id, first_seq,
          (SELECT MIN(acked_seq) FROM device
          WHERE user_id = i.user_id AND session_id IS NOT NULL AND last_seen_at > ${literal(seen)}) AS acked_seq,
          (SELECT sync_seq FROM push_history WHERE receiver_id = i.user_id ORDER BY receiver_id, sync_seq LIMIT 1) AS place,
          (SELECT created_at FROM push_history WHERE receiver_id = i.user_id ORDER BY receiver_id, sync_seq LIMIT 1) AS at
        FROM user_inbox i WHERE user_id > ${from} ORDER BY user_id LIMIT ${ROWS}`,
      ),
    // Index: push_history PRIMARY.
    rows: ({ id }, after) =>
      sql(
        `SELECT sync_seq AS place, created_at AS at FROM push_history
        WHERE receiver_id = ${id} AND sync_seq > ${after} ORDER BY sync_seq LIMIT ${ROWS}`,
      ),
    isOver: ({ first_seq: first, acked_seq: acked }, { place, at }) =>
      place < first || at < before || (place <= (acked ?? 0) && at < yesterday),
    // Index: user_inbox PRIMARY.
    cut: ({ id }, { place }) =>
      `UPDATE user_inbox SET first_seq = ${place} + 1 WHERE user_id = ${id} AND first_seq <= ${place}`,
    // Index: push_history PRIMARY.
    deletions: cuts => {
      const ranges = cuts.map(({ owner, last }) => `(receiver_id = ${owner.id} AND sync_seq <= ${last.place})`);
      return [[`DELETE FROM push_history WHERE ${ranges.join(' OR ')}`]];
    },
  });
}

/** Requests that could not be answered any more by that time, answered or not. */
export async function* purgeRequests(query: Query, before: Date): Purging {
  for (const [table, key] of [
    ['friend_request', 'from_id'],
    ['group_request', 'group_id'],
  ]) {
    for (let from = 0, end: number | undefined = 0; end !== undefined; from = end ?? from) {
      // Index: PRIMARY, which begins with the key. By parts of the table, because there is no index of the time.
      const ends = `SELECT ${key} AS id FROM ${table} WHERE ${key} > ${from} ORDER BY ${key} LIMIT 1 OFFSET ${ROWS}`;
      const [[found]] = await query([sql<{ id: number } | undefined>(ends)]);
      end = found?.id;
      const part = end === undefined ? '' : ` AND ${key} <= ${end}`;
      yield* clear(query, [`DELETE FROM ${table} WHERE ${key} > ${from}${part} AND expires_at < ${literal(before)}`]);
    }
  }
}
