import { tellsDelivery } from '../../policy/presence';
import type { Audience } from '../../schema/user';
import { chunks, IN_LIST, literal, select, sql, tuples, upsert, type Select } from '../database/statement';
import { CommitQueue } from '../queue/commit_queue';
import type { Bounds } from '../queue/fair_queue';
import type { RunUnit, UnitOfWork } from '../unit_of_work';
import { peersOf, receiptFor, selectPeers } from './receipt_entry';

interface Ack {
  readonly userId: number;
  readonly deviceId: string;
  readonly syncSeq: number;
}

const GATHER_MS = 200;
/** Devices of one transaction. */
const DEVICES = 200;
/** Entries of which one ack looks for what was delivered, the latest: a new device passes a whole stream at once. */
const LOOKED_AT = 2000;

/**
 * Moves devices' cursors, and with them what counts as delivered. Acks are gathered for a moment and written together;
 * of one device's only the furthest counts.
 */
export class Acks {
  private readonly queue;

  constructor(
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
      const key = keyOf(ack.userId, ack.deviceId);
      if (ack.syncSeq > (furthest.get(key)?.syncSeq ?? -1)) furthest.set(key, ack);
    }
    const heads = new Map<number, number>();
    for (const slice of chunks([...furthest.values()], DEVICES)) {
      for (const [userId, head] of await this.run(unit => store(unit, slice))) heads.set(userId, head);
    }
    return acks.map(({ userId, syncSeq }) => syncSeq <= (heads.get(userId) ?? 0));
  }
}

/** What an acknowledgement has passed: a part of a stream. */
interface Passed {
  readonly userId: number;
  readonly deviceId: string;
  readonly from: number;
  readonly to: number;
}

/** Stores the cursors. Returns where the streams end, by user. */
async function store(unit: UnitOfWork, acks: readonly Ack[]): Promise<Map<number, number>> {
  const [devices, inboxes] = await unit.session.query([
    // Index: device PRIMARY, in its order.
    select(
      'device',
      ['user_id', 'device_id', 'acked_seq'],
      `WHERE (user_id, device_id) IN (${tuples(acks.map(each => [each.userId, each.deviceId]))})
      ORDER BY user_id, device_id FOR UPDATE`,
    ),
    // Index: user_inbox PRIMARY. A device can not have what is not there yet.
    select('user_inbox', ['user_id', 'last_seq'], `WHERE user_id IN (${acks.map(each => each.userId).join()})`),
  ]);
  const heads = new Map(inboxes.map(row => [row.user_id, row.last_seq]));
  const cursors = new Map(devices.map(row => [keyOf(row.user_id, row.device_id), row.acked_seq]));
  const passed = acks.flatMap(({ userId, deviceId, syncSeq }): Passed[] => {
    const from = cursors.get(keyOf(userId, deviceId)) ?? Infinity;
    const to = Math.min(syncSeq, heads.get(userId) ?? 0);
    return to > from ? [{ userId, deviceId, from, to }] : [];
  });
  if (passed.length === 0) return heads;
  const [delivered] = await unit.session.query([selectDelivered(passed)], [moveCursors(passed)]);
  // What is not told is not stored, so that a list never knows more than the streams.
  const told = delivered.filter(row => row.type !== 'single' || tellsDelivery(row.audience, row.befriended === 1));
  for (const slice of chunks(told, IN_LIST / 2)) await deliver(unit, slice);
  return heads;
}

/** All cursors in one statement; the rows are there, and locked. */
function moveCursors(passed: readonly Passed[]): string {
  const rows = passed.map(
    each => `(${each.userId},${literal(each.deviceId)},${each.to},'',UTC_TIMESTAMP(),UTC_TIMESTAMP())`,
  );
  const columns = 'user_id, device_id, acked_seq, platform, last_seen_at, created_at';
  return upsert('device', columns, rows, 'acked_seq = VALUES(acked_seq)');
}

interface Delivered {
  readonly conversation_id: number;
  readonly receiver_id: number;
  readonly seq: number;
  readonly type: string;
  /** To whom the receiver's presence is shown. */
  readonly audience: Audience;
  /** The other user of a single conversation is a friend of the receiver, and not blocked. */
  readonly befriended: number;
}

/**
 * The last message of each conversation that was passed, where it was not known to be delivered: what one has sent or read
 * is. Looked at without a lock, because these places never move back. Index: PRIMARY of push_history, conversation_member,
 * conversation, user, friend and block.
 */
function selectDelivered(passed: readonly Passed[]): Select<Delivered> {
  const ranges = passed.map(
    ({ userId, from, to }) =>
      `(receiver_id = ${userId} AND sync_seq > ${Math.max(from, to - LOOKED_AT)} AND sync_seq <= ${to})`,
  );
  return sql(
    `SELECT p.*, c.type, IF(u.hide_presence, 'nobody', u.allow_presence) AS audience,
      c.type = 'single' AND EXISTS (
        SELECT 1 FROM conversation_member peer JOIN friend f ON f.user_id = m.user_id AND f.friend_id = peer.user_id
          LEFT JOIN block b ON b.user_id = m.user_id AND b.blocked_id = peer.user_id
        WHERE peer.conversation_id = c.id AND peer.user_id <> m.user_id AND b.user_id IS NULL
      ) AS befriended
    FROM (
      SELECT receiver_id, conversation_id, MAX(to_seq) AS seq FROM push_history
      WHERE (${ranges.join(' OR ')}) AND type = 'message.new' GROUP BY receiver_id, conversation_id
    ) p JOIN conversation_member m ON m.conversation_id = p.conversation_id AND m.user_id = p.receiver_id
      JOIN conversation c ON c.id = p.conversation_id JOIN user u ON u.id = p.receiver_id
    WHERE p.seq > GREATEST(m.delivered_seq, m.read_seq) ORDER BY p.conversation_id, p.receiver_id`,
  );
}

/** Moves the places up to which messages are delivered, in their order, and records the entries that tell so. */
async function deliver(unit: UnitOfWork, rows: readonly Delivered[]): Promise<void> {
  const delivered = new Map(rows.map(row => [keyOf(row.conversation_id, row.receiver_id), row.seq]));
  const [members, peerRows] = await unit.session.query([
    // Index: conversation_member PRIMARY, forced because everybody locks these rows in its order.
    select(
      'conversation_member',
      ['conversation_id', 'user_id', 'delivered_seq', 'read_seq'],
      `FORCE INDEX (PRIMARY)
      WHERE (conversation_id, user_id) IN (${tuples(rows.map(row => [row.conversation_id, row.receiver_id]))})
      ORDER BY conversation_id, user_id FOR UPDATE`,
    ),
    selectPeers(new Set(rows.map(row => row.conversation_id))),
  ]);
  const places = members.flatMap(({ conversation_id: conversationId, user_id: userId, read_seq: readSeq, ...row }) => {
    const deliveredSeq = delivered.get(keyOf(conversationId, userId))!;
    return deliveredSeq > Math.max(row.delivered_seq, readSeq)
      ? [{ conversationId, userId, readSeq, deliveredSeq }]
      : [];
  });
  if (places.length === 0) return;
  const peers = peersOf(peerRows);
  for (const entry of places.flatMap(place => receiptFor(place, peers))) unit.record(entry);
  const values = places.map(each => `(${each.conversationId},${each.userId},${each.deliveredSeq},UTC_TIMESTAMP())`);
  const columns = 'conversation_id, user_id, delivered_seq, joined_at';
  unit.defer(upsert('conversation_member', columns, values, 'delivered_seq = VALUES(delivered_seq)'));
}

function keyOf(a: number, b: number | string): string {
  return `${a}:${b}`;
}
