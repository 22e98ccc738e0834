import { chunks, literal, type Database, type Row, type Transaction } from '../database/pool';
import { AppError } from '../../schema/errors';
import { CommitQueue } from '../queue/commit_queue';
import { peersOf, receiptFor, selectPeers, type ReceiptEntry } from './receipt_entry';
import { StreamAppender, lockInboxes, type Publication } from '../stream/stream';

interface Ack {
  readonly userId: number;
  readonly deviceId: string;
  readonly syncSeq: number;
}

const GATHER_MS = 200;
const DEVICES = 200;
/** Rows that one ack stamps at most, the latest: a new device passes a whole stream at once. */
const STAMPED = 2000;
/** Places of one IN list. MariaDB turns a list of 1,000 into a temporary table, which has no order to lock rows in. */
const PLACES = 500;

/**
 * Moves devices' cursors, and with them what counts as delivered. Acks are gathered for a moment and written together;
 * of one device's only the furthest counts.
 */
export class Acks {
  private readonly queue;

  constructor(
    private readonly database: Database,
    private readonly publish: (publications: Publication[]) => void,
    limit: number,
  ) {
    this.queue = new CommitQueue<Ack, true>({
      commit: acks => this.commit(acks),
      take: acks => acks.length,
      limit,
      gatherMs: GATHER_MS,
    });
  }

  /** Resolves when the cursor is stored and the latest rows it passed have their arrival time. Throws BUSY, UNAVAILABLE. */
  async ack(ack: Ack): Promise<void> {
    await this.queue.submit(ack);
  }

  drain(): Promise<void> {
    return this.queue.drain();
  }

  private async commit(acks: readonly Ack[]): Promise<(true | AppError)[]> {
    const furthest = new Map<string, Ack>();
    for (const ack of acks) {
      const key = keyOf(ack.userId, ack.deviceId);
      if (ack.syncSeq > (furthest.get(key)?.syncSeq ?? -1)) furthest.set(key, ack);
    }
    const sorted = [...furthest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ack]) => ack);
    for (const slice of chunks(sorted, DEVICES)) {
      const publications = await this.database.transaction(transaction => store(transaction, slice));
      if (publications.length > 0) setImmediate(() => this.publish(publications));
    }
    return acks.map(() => true);
  }
}

/** What an acknowledgement has passed: a part of a stream. */
interface Passed {
  readonly userId: number;
  readonly deviceId: string;
  readonly from: number;
  readonly to: number;
}

async function store(transaction: Transaction, acks: readonly Ack[]): Promise<Publication[]> {
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
  const passed = acks.flatMap(({ userId, deviceId, syncSeq }): Passed[] => {
    const from = cursors.get(keyOf(userId, deviceId)) ?? Infinity;
    const to = Math.min(syncSeq, heads.get(userId) ?? 0);
    return to > from ? [{ userId, deviceId, from, to }] : [];
  });
  if (passed.length === 0) {
    await transaction.query(['COMMIT']);
    return [];
  }
  const results = await transaction.query([...passed.flatMap(move), selectDelivered(passed)]);
  const receipts = await deliver(transaction, results.at(-1)!);
  const streams = new StreamAppender(await transaction.query(lockInboxes(receipts.flatMap(each => each.receiverIds))));
  const publications = streams.addEntries(receipts);
  await transaction.query([...streams.statements(), 'COMMIT']);
  return publications;
}

/** Index: push_history PRIMARY, the latest of the rows that were passed. */
function rangeOf({ userId, from, to }: Passed): string {
  return `receiver_id = ${userId} AND sync_seq > ${Math.max(from, to - STAMPED)} AND sync_seq <= ${to}`;
}

function move(passed: Passed): string[] {
  const { userId, deviceId, to } = passed;
  return [
    `UPDATE device SET acked_seq = ${to} WHERE user_id = ${userId} AND device_id = ${literal(deviceId)}`,
    `UPDATE push_history SET arrival_at = UTC_TIMESTAMP(3) WHERE ${rangeOf(passed)} AND arrival_at IS NULL`,
  ];
}

/**
 * The last message of each conversation that was passed, where it was not known to be delivered: what one has sent or read
 * is. Looked at without a lock, because these places never move back. Index: push_history and conversation_member PRIMARY.
 */
function selectDelivered(passed: readonly Passed[]): string {
  const ranges = passed.map(each => `(${rangeOf(each)})`).join(' OR ');
  return `SELECT p.* FROM (SELECT receiver_id, conversation_id, MAX(to_seq) AS seq FROM push_history WHERE (${ranges}) AND type = 'message.new' GROUP BY receiver_id, conversation_id) p JOIN conversation_member m ON m.conversation_id = p.conversation_id AND m.user_id = p.receiver_id WHERE p.seq > GREATEST(m.delivered_seq, m.read_seq) ORDER BY p.conversation_id, p.receiver_id`;
}

/** Moves the places up to which messages are delivered; `rows` in their order. Returns the entries that tell so. */
async function deliver(transaction: Transaction, rows: readonly Row[]): Promise<ReceiptEntry[]> {
  const receipts: ReceiptEntry[] = [];
  for (const slice of chunks(rows, PLACES)) {
    const delivered = new Map(slice.map(row => [keyOf(row.conversation_id, row.receiver_id), row.seq as number]));
    const pairs = slice.map(row => `(${row.conversation_id},${row.receiver_id})`).join();
    const [members, peerRows] = await transaction.query([
      // Index: conversation_member PRIMARY, forced because everybody locks these rows in its order.
      `SELECT conversation_id, user_id, delivered_seq, read_seq FROM conversation_member FORCE INDEX (PRIMARY) WHERE (conversation_id, user_id) IN (${pairs}) ORDER BY conversation_id, user_id FOR UPDATE`,
      selectPeers([...new Set(slice.map(row => row.conversation_id))].join()),
    ]);
    const places = members
      .map(row => ({
        conversationId: row.conversation_id as number,
        userId: row.user_id as number,
        readSeq: row.read_seq as number,
        known: Math.max(row.delivered_seq as number, row.read_seq as number),
        deliveredSeq: delivered.get(keyOf(row.conversation_id, row.user_id))!,
      }))
      .filter(place => place.deliveredSeq > place.known);
    await transaction.query(places.map(save));
    const peers = peersOf(peerRows);
    receipts.push(...places.flatMap(place => receiptFor(place, peers)));
  }
  return receipts;
}

function save(place: {
  readonly conversationId: number;
  readonly userId: number;
  readonly deliveredSeq: number;
}): string {
  const { conversationId, userId, deliveredSeq } = place;
  return `UPDATE conversation_member SET delivered_seq = ${deliveredSeq} WHERE conversation_id = ${conversationId} AND user_id = ${userId}`;
}

function keyOf(a: unknown, b: unknown): string {
  return `${a}:${b}`;
}
