import { chunks, literal, type Database, type Transaction } from './database';
import { AppError } from './errors';
import { Lane } from './lane';

interface Ack {
  readonly userId: number;
  readonly deviceId: string;
  readonly syncSeq: number;
}

const GATHER_MS = 200;
const DEVICES = 200;
/** Rows that one ack stamps at most, the latest: a new device passes a whole stream at once. */
const STAMPED = 2000;

/**
 * Moves devices' cursors. Acks are gathered for a moment and written together; of one device's only the furthest counts.
 */
export class Acks {
  private readonly lane;

  constructor(
    private readonly database: Database,
    limit: number,
  ) {
    this.lane = new Lane<Ack, true>({
      commit: acks => this.commit(acks),
      take: acks => acks.length,
      limit,
      gatherMs: GATHER_MS,
    });
  }

  /** Resolves when the cursor is stored and the latest rows it passed have their arrival time. Throws BUSY, UNAVAILABLE. */
  async ack(ack: Ack): Promise<void> {
    await this.lane.submit(ack);
  }

  drain(): Promise<void> {
    return this.lane.drain();
  }

  private async commit(acks: readonly Ack[]): Promise<(true | AppError)[]> {
    const furthest = new Map<string, Ack>();
    for (const ack of acks) {
      const key = keyOf(ack.userId, ack.deviceId);
      if (ack.syncSeq > (furthest.get(key)?.syncSeq ?? -1)) furthest.set(key, ack);
    }
    const sorted = [...furthest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ack]) => ack);
    for (const slice of chunks(sorted, DEVICES)) {
      await this.database.transaction(transaction => store(transaction, slice));
    }
    return acks.map(() => true);
  }
}

async function store(transaction: Transaction, acks: readonly Ack[]): Promise<void> {
  const keys = acks.map(({ userId, deviceId }) => `(${userId},${literal(deviceId)})`).join();
  const userIds = [...new Set(acks.map(each => each.userId))].join();
  const [, devices, inboxes] = await transaction.query([
    'START TRANSACTION',
    // Index: device PRIMARY.
    `SELECT user_id, device_id, acked_seq FROM device WHERE (user_id, device_id) IN (${keys}) ORDER BY user_id, device_id FOR UPDATE`,
    // Index: user_inbox PRIMARY. A device can not have what is not there yet.
    `SELECT user_id, last_seq FROM user_inbox WHERE user_id IN (${userIds})`,
  ]);
  const heads = new Map(inboxes.map(row => [row.user_id, row.last_seq as number]));
  const cursors = new Map(devices.map(row => [keyOf(row.user_id, row.device_id), row.acked_seq as number]));
  const updates = acks.flatMap(({ userId, deviceId, syncSeq }) => {
    const from = cursors.get(keyOf(userId, deviceId)) ?? Infinity;
    const to = Math.min(syncSeq, heads.get(userId) ?? 0);
    if (to <= from) return [];
    return [
      `UPDATE device SET acked_seq = ${to} WHERE user_id = ${userId} AND device_id = ${literal(deviceId)}`,
      // Index: push_history PRIMARY, the range just passed.
      `UPDATE push_history SET arrival_at = UTC_TIMESTAMP(3) WHERE receiver_id = ${userId} AND sync_seq > ${Math.max(from, to - STAMPED)} AND sync_seq <= ${to} AND arrival_at IS NULL`,
    ];
  });
  await transaction.query([...updates, 'COMMIT']);
}

function keyOf(userId: unknown, deviceId: unknown): string {
  return `${userId}:${deviceId}`;
}
