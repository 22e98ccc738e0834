import type { Database } from '../database/pool';
import { chunks, IN_LIST, literal, select, sql, tuples, type Select } from '../database/statement';
import { CommitQueue } from '../queue/commit_queue';
import type { Bounds } from '../queue/fair_queue';
import { placesIn, selectEnds } from '../stream/ends';
import type { Given } from '../stream/given';
import type { RunUnit } from '../unit_of_work';
import { deliver, findNews, type Delivered } from './delivered';

interface Ack {
  readonly userId: number;
  readonly deviceId: string;
  readonly syncSeq: number;
  /** What the connection was pushed by which it has come. */
  readonly given?: Given;
}

/** Where a cursor goes, and what is delivered by that. */
interface Move {
  readonly ack: Ack;
  readonly to: number;
  readonly delivered: readonly Delivered[];
}

const GATHER_MS = 200;
/** Devices of one statement. */
const DEVICES = IN_LIST;
/** Entries of which one ack looks for what was delivered, the latest: a new device passes a whole stream at once. */
const LOOKED_AT = 2000;

/**
 * Moves devices' cursors. Acks are gathered for a moment and written together, a number each; of one device's only the furthest
 * counts. What is delivered by them is told in single conversations; in groups it follows from the cursors when somebody asks.
 */
export class Acks {
  private readonly queue;

  constructor(
    private readonly database: Database,
    private readonly run: RunUnit,
    bounds: Bounds,
  ) {
    this.queue = new CommitQueue<Ack, boolean>({
      ...bounds,
      commit: acks => this.commit(acks),
      batch: () => () => true,
      ownerOf: ack => ack.userId,
      gatherMs: GATHER_MS,
    });
  }

  /** Resolves when the cursor is stored, with whether the stream has that place. Throws BUSY, UNAVAILABLE. */
  ack(ack: Ack): Promise<boolean> {
    return this.queue.submit(ack);
  }

  drain(): Promise<void> {
    return this.queue.drain();
  }

  private async commit(acks: readonly Ack[]): Promise<boolean[]> {
    const furthest = new Map<string, Ack>();
    for (const ack of acks) {
      const key = keyOf(ack);
      if (ack.syncSeq > (furthest.get(key)?.syncSeq ?? -1)) furthest.set(key, ack);
    }
    const heads = new Map<number, number>();
    for (const slice of chunks([...furthest.values()], DEVICES)) {
      try {
        await this.store(slice, heads);
      } catch (error) {
        for (const { given } of slice) given?.lose();
        throw error;
      }
    }
    return acks.map(({ userId, syncSeq }) => syncSeq <= (heads.get(userId) ?? 0));
  }

  /** Stores the cursors. Learns where the streams end: a device can not have what is not there. */
  private async store(acks: readonly Ack[], heads: Map<number, number>): Promise<void> {
    const ends = placesIn(await this.database.query([selectEnds(acks.map(each => each.userId).join())]));
    for (let index = 0; index < ends.length; index += 2) heads.set(ends[index], ends[index + 1]);
    const strange: Ack[] = [];
    const known: Move[] = [];
    for (const ack of acks) {
      const { given, syncSeq, userId } = ack;
      if (given?.knows(syncSeq) && syncSeq <= (heads.get(userId) ?? 0)) {
        known.push({ ack, to: syncSeq, delivered: given.take(syncSeq).map(each => ({ ...each, userId })) });
      } else strange.push(ack);
    }
    const looked = strange.length > 0 ? await this.lookUp(strange, heads) : [];
    const moves = [...known, ...looked];
    if (moves.length > 0) await this.write(moves);
    // From now on this is where the cursors are.
    for (const { ack, to } of looked) ack.given?.take(to);
  }

  /** The cursors last: where that fails, what is delivered is looked up again. */
  private async write(moves: readonly Move[]): Promise<void> {
    const delivered = moves.flatMap(each => each.delivered);
    for (const slice of chunks(delivered, IN_LIST / 2)) {
      const news = await findNews(this.database, slice);
      if (news.length > 0) await this.run(unit => deliver(unit, news));
    }
    await this.database.query([moveCursors(moves)]);
  }

  /** What the tables say of acks of which no connection knows enough. Index: device PRIMARY. */
  private async lookUp(acks: readonly Ack[], heads: ReadonlyMap<number, number>): Promise<Move[]> {
    const keys = tuples(acks.map(each => [each.userId, each.deviceId]));
    const devices = await this.database.select(
      select('device', ['user_id', 'device_id', 'acked_seq'], `WHERE (user_id, device_id) IN (${keys})`),
    );
    const cursors = new Map(
      devices.map(row => [keyOf({ userId: row.user_id, deviceId: row.device_id }), row.acked_seq]),
    );
    const passed = acks.flatMap((ack): Passed[] => {
      const from = cursors.get(keyOf(ack)) ?? Infinity;
      const to = Math.min(ack.syncSeq, heads.get(ack.userId) ?? 0);
      return to > from ? [{ ack, from, to }] : [];
    });
    if (passed.length === 0) return [];
    const delivered = new Map<number, Delivered[]>(passed.map(({ ack }) => [ack.userId, []]));
    for (const row of await this.database.select(selectDelivered(passed))) {
      delivered
        .get(row.receiver_id)!
        .push({ userId: row.receiver_id, conversationId: row.conversation_id, seq: row.seq });
    }
    return passed.map(({ ack, to }) => ({ ack, to, delivered: delivered.get(ack.userId)! }));
  }
}

/** What an acknowledgement passes: a part of a stream. */
interface Passed {
  readonly ack: Ack;
  readonly from: number;
  readonly to: number;
}

/**
 * Moves all cursors in one statement, none of them back, and in the order in which everybody locks these rows; a device that is gone
 * meanwhile is passed over. Index: device PRIMARY.
 */
function moveCursors(moves: readonly Move[]): string {
  const sorted = [...moves].sort((a, b) => (keyOf(a.ack) < keyOf(b.ack) ? -1 : 1));
  const rows = sorted.map(({ ack: { userId, deviceId }, to }, index) =>
    index === 0
      ? `SELECT ${userId} AS user_id, CONVERT(${literal(deviceId)} USING ascii) COLLATE ascii_bin AS device_id, ${to} AS seq`
      : `SELECT ${userId}, ${literal(deviceId)}, ${to}`,
  );
  return `UPDATE (${rows.join(' UNION ALL ')}) a STRAIGHT_JOIN device d ON d.user_id = a.user_id AND d.device_id = a.device_id
    SET d.acked_seq = a.seq WHERE d.acked_seq < a.seq`;
}

/**
 * The last message of each single conversation that was passed. Index: PRIMARY of push_history and conversation.
 */
function selectDelivered(
  passed: readonly Passed[],
): Select<{ readonly receiver_id: number; readonly conversation_id: number; readonly seq: number }> {
  const ranges = passed.map(
    ({ ack, from, to }) =>
      `(receiver_id = ${ack.userId} AND sync_seq > ${Math.max(from, to - LOOKED_AT)} AND sync_seq <= ${to})`,
  );
  return sql(
    `SELECT p.* FROM (
      SELECT receiver_id, conversation_id, MAX(to_seq) AS seq FROM push_history
      WHERE (${ranges.join(' OR ')}) AND type = 'message.new' GROUP BY receiver_id, conversation_id
    ) p JOIN conversation c ON c.id = p.conversation_id WHERE c.type = 'single'`,
  );
}

function keyOf({ userId, deviceId }: { readonly userId: number; readonly deviceId: string }): string {
  return `${userId}:${deviceId}`;
}
