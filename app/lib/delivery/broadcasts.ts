import { v5 } from 'uuid';
import type { Database } from '../database/pool';
import { chunks, IN_LIST, literal, select, sql } from '../database/statement';
import type { RunUnit, UnitOfWork } from '../unit_of_work';
import type { ImNamespace } from '../stream/socket';
import { readRuns } from '../stream/runs';

/** Notices of one entry: who was away for more gets several. */
const RUN = 100;
/** The namespace of the ids of notices. With another one, a call that is repeated would be stored again. */
const NOTICES = '2892ddc5-ec51-4628-a882-bc5192cde0f5';

/** Whose stream it is. */
interface Receiver {
  readonly app: string;
  readonly userId: number;
}

/** A stream that lacks notices to all, read without a lock, and where their conversation ends. */
interface Behind {
  readonly user_id: number;
  readonly notice_seq: number;
  readonly id: number;
  readonly last_seq: number;
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
  return v5(`${clientMsgId.toLowerCase()} ${app} ${singleKey}`, NOTICES);
}

/** The last notice to all of each of these tenants that has one. Index: conversation_single_key. */
export async function readLastNotices(database: Database, apps: readonly string[]): Promise<Map<string, number>> {
  const last = new Map<string, number>();
  for (const slice of chunks(apps, IN_LIST)) {
    const keys = slice.map(app => literal(broadcastKey(app))).join();
    const rows = await database.select(select('conversation', ['app', 'last_seq'], `WHERE single_key IN (${keys})`));
    for (const row of rows) last.set(row.app, row.last_seq);
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
    private readonly run: RunUnit,
    private readonly namespace: ImNamespace,
  ) {
    namespace.on('notice', app => this.deliverOnline(app));
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
      for (const slice of chunks(sorted, IN_LIST)) {
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
    // What fails here the head check makes good.
    this.work = this.work.then(round).catch(() => undefined);
  }

  /** Writes an entry for each of them who lacks notices. Returns whether some may still lack more. */
  private async deliverRuns(app: string, userIds: readonly number[]): Promise<boolean> {
    if (this.closed) return false;
    // Index: conversation_single_key, user_inbox PRIMARY.
    const behind = await this.database.select(
      sql<Behind>(
        `SELECT i.user_id, i.notice_seq, c.id, c.last_seq
        FROM conversation c JOIN user_inbox i ON i.notice_seq < c.last_seq
        WHERE c.single_key = ${literal(broadcastKey(app))} AND i.user_id IN (${userIds.join()}) ORDER BY i.user_id`,
      ),
    );
    if (behind.length === 0) return false;
    const { last_seq: lastSeq } = behind[0];
    await this.run(unit => deliver(unit, behind));
    return behind.some(row => row.notice_seq + RUN < lastSeq);
  }
}

/**
 * Somebody else may have delivered before the locks were had, so only what is read under them counts. The conversation is
 * not locked: what it gets meanwhile is announced by itself.
 */
async function deliver(unit: UnitOfWork, behind: readonly Behind[]): Promise<void> {
  const [{ id, last_seq: lastSeq }] = behind;
  const ids = behind.map(row => row.user_id);
  for (const statement of enter(behind)) unit.defer(statement);
  await unit.lockStreams(ids);
  // Index: user_inbox PRIMARY.
  const lacking = `WHERE user_id IN (${ids.join()}) AND notice_seq < ${lastSeq} ORDER BY user_id`;
  const [inboxes] = await unit.session.query([select('user_inbox', ['user_id', 'notice_seq'], lacking)]);
  const receiverIds = new Map<number, number[]>();
  for (const { user_id: userId, notice_seq: seq } of inboxes) {
    const known = receiverIds.get(seq + 1);
    if (known) known.push(userId);
    else receiverIds.set(seq + 1, [userId]);
  }
  const runs = [...receiverIds.keys()].map(from => ({
    conversationId: id,
    from,
    to: Math.min(lastSeq, from + RUN - 1),
  }));
  const messagesOf = await readRuns(async statement => (await unit.session.query([statement]))[0], runs);
  for (const run of runs) {
    const userIds = receiverIds.get(run.from)!;
    const conversation = { type: 'system' } as const;
    unit.record({ type: 'message.new', receiverIds: userIds, ...run, messages: messagesOf(run), conversation });
    // Index: user_inbox PRIMARY.
    unit.defer(`UPDATE user_inbox SET notice_seq = ${run.to} WHERE user_id IN (${userIds.join()})`);
  }
}

/** With their first notice users become members; those who registered later are from the beginning. Index: PRIMARY. */
function enter(behind: readonly Behind[]): string[] {
  const rows = behind.filter(row => row.notice_seq === 0).map(row => `(${row.id},${row.user_id},UTC_TIMESTAMP(3))`);
  if (rows.length === 0) return [];
  return [`INSERT IGNORE INTO conversation_member (conversation_id, user_id, joined_at) VALUES ${rows.join()}`];
}
