import { createHash } from 'node:crypto';
import { chunks, literal, type Database, type Row, type Transaction } from '../database/pool';
import type { ImNamespace } from './publisher';
import { entryTail, StreamAppender, readRuns, type Publication } from './stream';

/** Users of one transaction. */
const USERS = 500;
/** Broadcasts of one entry: who was away for more gets several. */
const RUN = 100;

/** Whose stream it is. */
interface Receiver {
  readonly app: string;
  readonly userId: number;
}

/** An entry that is the same in several streams; `to` as in `Publication`. */
interface Run extends Row {
  readonly conversation_id: number;
  readonly from_seq: number;
  readonly to_seq: number;
  readonly userIds: number[];
  readonly to: number[];
}

/** The `single_key` of the conversation that holds the notices to all of a tenant. */
export function broadcastKey(app: string): string {
  return `*${app}`;
}

/** The `single_key` of the conversation that holds the notices to one user. */
export function mailboxKey(userId: number): string {
  return `#${userId}`;
}

/**
 * The clientMsgId that a notice is stored with: a UUID that is the same for the same call and receiver. The caller's own
 * is not enough, because the server is the sender of all notices.
 */
export function noticeId(clientMsgId: string, app: string, singleKey: string): string {
  const hex = createHash('sha256').update(`${clientMsgId.toLowerCase()} ${app} ${singleKey}`).digest('hex');
  // Version 8, of one's own making.
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return parts.join('-');
}

/** The last notice to all of each of these tenants that has one. Index: conversation_single_key. */
export async function readLastNotices(database: Database, apps: readonly string[]): Promise<Map<string, number>> {
  const last = new Map<string, number>();
  for (const slice of chunks(apps, USERS)) {
    const keys = slice.map(app => literal(broadcastKey(app))).join();
    const rows = await database.select(`SELECT app, last_seq FROM conversation WHERE single_key IN (${keys})`);
    for (const row of rows) last.set(row.app as string, row.last_seq as number);
  }
  return last;
}

/**
 * Brings notices to all into the streams. Such a notice is stored once; its entry is written into the stream of a user when
 * that user is pushed to, connects or looks. `user_inbox.notice_seq` says how far a stream has them.
 */
export class Broadcasts {
  private readonly waiting = new Set<string>();
  private work = Promise.resolve();
  private closed = false;

  constructor(
    private readonly database: Database,
    private readonly namespace: ImNamespace,
    private readonly publish: (publications: Publication[]) => void,
  ) {
    namespace.on('notice', (app: string) => this.deliverOnline(app));
  }

  /** Has every node bring the notices of a tenant to the users who are online there. */
  announce(app: string): void {
    this.namespace.serverSideEmit('notice', app);
    this.deliverOnline(app);
  }

  /** Resolves when the streams of these users have every notice that was stored before. Throws UNAVAILABLE. */
  async deliver(receivers: readonly Receiver[]): Promise<void> {
    for (const app of new Set(receivers.map(each => each.app))) {
      const userIds = new Set(receivers.filter(each => each.app === app).map(each => each.userId));
      const sorted = [...userIds].sort((a, b) => a - b);
      for (const slice of chunks(sorted, USERS)) {
        while (await this.deliverRuns(app, slice)) continue;
      }
    }
  }

  /** Begins nothing more; whoever is not reached gets the notices when they connect again. */
  drain(): Promise<void> {
    this.closed = true;
    return this.work;
  }

  private deliverOnline(app: string): void {
    // A round that has not begun finds this notice too.
    if (this.waiting.has(app)) return;
    this.waiting.add(app);
    const round = () => {
      this.waiting.delete(app);
      const online = [...this.namespace.sockets.values()].map(socket => socket.data);
      return this.deliver(online.filter(each => each.app === app));
    };
    // What fails here the beat makes good.
    this.work = this.work.then(round).catch(() => undefined);
  }

  /** Writes an entry for each of them who lacks notices. Returns whether some may still lack more. */
  private async deliverRuns(app: string, userIds: readonly number[]): Promise<boolean> {
    if (this.closed) return false;
    // Index: conversation_single_key, user_inbox PRIMARY.
    const behind = await this.database.select(
      `SELECT i.user_id, i.notice_seq, c.id, c.last_seq FROM conversation c JOIN user_inbox i ON i.notice_seq < c.last_seq WHERE c.single_key = ${literal(broadcastKey(app))} AND i.user_id IN (${userIds.join()}) ORDER BY i.user_id`,
    );
    if (behind.length === 0) return false;
    const { id, last_seq: lastSeq } = behind[0] as { id: number; last_seq: number };
    const at = new Date();
    const runs = await this.database.transaction(transaction => store(transaction, { id, lastSeq, behind, at }));
    const messagesOf = await readRuns(this.database, runs);
    const publications = runs.map(run => {
      const data = `{"messages":[${messagesOf(run).join()}]}`;
      return { tail: entryTail('message.new', id, data, at), to: run.to };
    });
    if (publications.length > 0) this.publish(publications);
    return behind.some(row => (row.notice_seq as number) + RUN < lastSeq);
  }
}

interface Delivery {
  readonly id: number;
  readonly lastSeq: number;
  /** rows of user_id and notice_seq, in order, read without a lock */
  readonly behind: readonly Row[];
  readonly at: Date;
}

/**
 * Two round trips: enter and lock; write and commit. Somebody else may have delivered before the lock was had, so only
 * what is read under it counts. The conversation is not locked: what it gets meanwhile is announced by itself.
 */
async function store(transaction: Transaction, { id, lastSeq, behind, at }: Delivery): Promise<Run[]> {
  const ids = behind.map(row => row.user_id).join();
  const results = await transaction.query([
    'START TRANSACTION',
    ...enter(id, behind, at),
    // Index: user_inbox PRIMARY.
    `SELECT user_id, last_seq, notice_seq FROM user_inbox WHERE user_id IN (${ids}) AND notice_seq < ${lastSeq} ORDER BY user_id FOR UPDATE`,
  ]);
  const inboxes = results.at(-1)!;
  const heads = new StreamAppender([inboxes]);
  const runs = new Map<number, Run>();
  for (const row of inboxes) {
    const userId = row.user_id as number;
    const from = (row.notice_seq as number) + 1;
    const last = Math.min(lastSeq, from + RUN - 1);
    const run = runs.get(from) ?? { conversation_id: id, from_seq: from, to_seq: last, userIds: [], to: [] };
    runs.set(from, run);
    run.userIds.push(userId);
    run.to.push(userId, heads.add(userId, `'message.new',${id},${from},${last},NULL,${literal(at)}`));
  }
  // Index: user_inbox PRIMARY.
  const moves = [...runs.values()].map(
    run => `UPDATE user_inbox SET notice_seq = ${run.to_seq} WHERE user_id IN (${run.userIds.join()})`,
  );
  await transaction.query([...heads.statements(), ...moves, 'COMMIT']);
  return [...runs.values()];
}

/** With their first notice users become members; those who registered later are from the beginning. Index: PRIMARY. */
function enter(id: number, behind: readonly Row[], at: Date): string[] {
  const rows = behind.filter(row => row.notice_seq === 0).map(row => `(${id},${row.user_id},${literal(at)})`);
  if (rows.length === 0) return [];
  return [`INSERT IGNORE INTO conversation_member (conversation_id, user_id, joined_at) VALUES ${rows.join()}`];
}
