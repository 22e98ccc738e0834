import { isConflict, literal, type Row, type Transaction } from '../database/pool';

/** Takes things away a chunk at a time, and yields how many after each; 0 when it has only looked. */
export type Purging = AsyncGenerator<number, void>;

/** Rows that one DELETE takes, and that one SELECT looks at. */
const ROWS = 500;
/** Conversations, or streams, that are cut together: their rows are locked for as long as it takes to say so. */
const CUTS = 100;
const TRIES = 5;
const DAY_MS = 86_400_000;

export const daysBefore = (at: Date, days: number) => new Date(at.getTime() - days * DAY_MS);

/** Runs one SELECT. */
export async function select(session: Transaction, statement: string): Promise<Row[]> {
  return (await session.query([statement]))[0];
}

/** Runs statements in a short transaction of their own. Returns how many rows each has changed. */
export async function commit(session: Transaction, statements: readonly string[]): Promise<number[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      const results = await session.query(['START TRANSACTION', ...statements, 'COMMIT']);
      return (results.slice(1, -1) as unknown as { affectedRows: number }[]).map(each => each.affectedRows);
    } catch (error) {
      await session.query(['ROLLBACK']);
      if (attempt === TRIES || !isConflict(error)) throw error;
    }
  }
}

/** Takes all rows away that some DELETEs find, so many at a time. */
async function* clear(session: Transaction, deletions: readonly string[]): Purging {
  for (;;) {
    const deleted = await commit(
      session,
      deletions.map(deletion => `${deletion} LIMIT ${ROWS}`),
    );
    yield deleted.reduce((sum, each) => sum + each);
    if (deleted.every(each => each < ROWS)) return;
  }
}

/** Numbered rows of many owners, of which the oldest go first: the messages of conversations, the entries of streams. */
interface Lists {
  /** Owners after an id, in order, each with its oldest row: `id`, `place`, `at`, and what `isOver` looks at. */
  readonly owners: (after: number) => string;
  /** The rows of an owner after a place, in order: `place`, `at`, and what `cut` writes down. */
  readonly rows: (owner: Row, after: number) => string;
  readonly isOver: (owner: Row, row: Row) => boolean;
  /** Says in the owner's row that the list now begins after this one. It may run again. */
  readonly cut: (owner: Row, last: Row) => string;
  /** The DELETEs of what the lists of these owners have before their beginning, in their order; the rows themselves last. */
  readonly deletions: (cuts: readonly Cut[]) => string[][];
}

interface Cut {
  readonly owner: Row;
  readonly last: Row;
  readonly rows: number;
}

/** Where lists are to be cut; undefined after each look at many owners. */
async function* findCuts(session: Transaction, lists: Lists): AsyncGenerator<Cut | undefined> {
  let owners: Row[] = [];
  do {
    const from = Number(owners.at(-1)?.id ?? 0);
    owners = await select(session, `${lists.owners(from)} LIMIT ${ROWS}`);
    for (const owner of owners) {
      if (owner.place !== null && lists.isOver(owner, owner)) yield* findCutsOf(session, lists, owner);
    }
    yield undefined;
  } while (owners.length === ROWS);
}

/** Where one list is to be cut, step by step. */
async function* findCutsOf(session: Transaction, lists: Lists, owner: Row): AsyncGenerator<Cut> {
  for (let after = 0; ;) {
    const rows = await select(session, `${lists.rows(owner, after)} LIMIT ${ROWS}`);
    const end = rows.findIndex(row => !lists.isOver(owner, row));
    const over = end === -1 ? rows : rows.slice(0, end);
    const last = over.at(-1);
    if (last) yield { owner, last, rows: over.length };
    if (!last || over.length < ROWS) return;
    after = last.place as number;
  }
}

/** First says that rows are gone, then takes them away: after a crash between the two they are found again. */
async function* purgeLists(session: Transaction, lists: Lists): Purging {
  let cuts: Cut[] = [];
  for await (const cut of findCuts(session, lists)) {
    if (cut) cuts.push(cut);
    else yield 0;
    const rows = cuts.reduce((sum, each) => sum + each.rows, 0);
    if (cuts.length === 0 || (cut && cuts.length < CUTS && rows < ROWS)) continue;
    await commit(
      session,
      cuts.map(({ owner, last }) => lists.cut(owner, last)),
    );
    for (const deletions of lists.deletions(cuts)) yield* clear(session, deletions);
    cuts = [];
  }
}

/** What belongs to messages; the index is PRIMARY, or the key (conversation_id, seq). */
const OF_MESSAGES = ['message_reaction', 'message_pin', 'message_star', 'message_hidden'];

/** Index: message PRIMARY. */
function deletionsOfMessages(where: string): string[][] {
  return [OF_MESSAGES.map(table => `DELETE FROM ${table} WHERE ${where}`), [`DELETE FROM message WHERE ${where}`]];
}

/** Messages sent before a time, with all that belongs to them. Unread ones do not count as unread any more. */
export function purgeMessages(session: Transaction, before: Date): Purging {
  return purgeLists(session, {
    // Index: conversation PRIMARY, and the first row of message PRIMARY for each.
    owners: from =>
      `SELECT id, purged_seq,
        (SELECT seq FROM message WHERE conversation_id = c.id ORDER BY seq LIMIT 1) AS place,
        (SELECT sent_at FROM message WHERE conversation_id = c.id ORDER BY seq LIMIT 1) AS at
      FROM conversation c WHERE id > ${from} ORDER BY id`,
    // Index: message PRIMARY.
    rows: ({ id }, after) =>
      `SELECT seq AS place, sent_at AS at, count FROM message WHERE conversation_id = ${id} AND seq > ${after} ORDER BY seq`,
    isOver: (owner, { place, at }) => (place as number) <= (owner.purged_seq as number) || (at as Date) < before,
    // Index: conversation PRIMARY.
    cut: ({ id }, { place, count }) =>
      `UPDATE conversation SET purged_seq = ${place}, purged_count = ${count} WHERE id = ${id} AND purged_seq < ${place}`,
    deletions: cuts => {
      const ranges = cuts.map(({ owner, last }) => `(conversation_id = ${owner.id} AND seq <= ${last.place})`);
      return deletionsOfMessages(ranges.join(' OR '));
    },
  });
}

/** All messages of dissolved groups. */
export async function* purgeDissolved(session: Transaction): Purging {
  for (;;) {
    // Index: dissolved_conversation PRIMARY.
    const rows = await select(session, 'SELECT conversation_id FROM dissolved_conversation LIMIT 1');
    yield 0;
    if (rows.length === 0) return;
    const where = `conversation_id = ${rows[0].conversation_id}`;
    for (const deletions of deletionsOfMessages(where)) yield* clear(session, deletions);
    await commit(session, [`DELETE FROM dissolved_conversation WHERE ${where}`]);
  }
}

/**
 * Entries of streams that every device with a session has acknowledged and that are a day old, and whatever was written
 * before a time.
 */
export function purgeEntries(session: Transaction, now: Date, before: Date): Purging {
  const yesterday = daysBefore(now, 1);
  return purgeLists(session, {
    // Index: user_inbox PRIMARY, and for each the first row of push_history PRIMARY and its rows of device PRIMARY.
    owners: from =>
      `SELECT user_id AS id, first_seq,
        (SELECT MIN(acked_seq) FROM device WHERE user_id = i.user_id AND session_id IS NOT NULL) AS acked_seq,
        (SELECT sync_seq FROM push_history WHERE receiver_id = i.user_id ORDER BY sync_seq LIMIT 1) AS place,
        (SELECT created_at FROM push_history WHERE receiver_id = i.user_id ORDER BY sync_seq LIMIT 1) AS at
      FROM user_inbox i WHERE user_id > ${from} ORDER BY user_id`,
    // Index: push_history PRIMARY.
    rows: ({ id }, after) =>
      `SELECT sync_seq AS place, created_at AS at FROM push_history WHERE receiver_id = ${id} AND sync_seq > ${after} ORDER BY sync_seq`,
    isOver: (owner, row) => {
      const { place, at } = row as { place: number; at: Date };
      // Null, which is less than any place, when nobody is logged in.
      const isAcked = place <= Number(owner.acked_seq);
      return place < (owner.first_seq as number) || at < before || (isAcked && at < yesterday);
    },
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
export async function* purgeRequests(session: Transaction, before: Date): Purging {
  for (const [table, key] of [
    ['friend_request', 'from_id'],
    ['group_request', 'group_id'],
  ]) {
    for (let from = 0, end: number | undefined = 0; end !== undefined; from = end ?? from) {
      // Index: PRIMARY, which begins with the key. By parts of the table, because there is no index of the time.
      const ends = `SELECT ${key} AS id FROM ${table} WHERE ${key} > ${from} ORDER BY ${key} LIMIT 1 OFFSET ${ROWS}`;
      end = (await select(session, ends)).at(0)?.id as number | undefined;
      const part = end === undefined ? '' : ` AND ${key} <= ${end}`;
      yield* clear(session, [`DELETE FROM ${table} WHERE ${key} > ${from}${part} AND expires_at < ${literal(before)}`]);
    }
  }
}
