import type { Redis } from 'ioredis';
import { presenceShownTo } from '../../policy/presence';
import type { Presence as Shown } from '../../schema/presence';
import type { Database } from '../database/pool';
import { chunks, tuples } from '../database/statement';
import { retrying } from '../database/retry';
import { AppError } from '../../schema/errors';
import { CommitQueue, upTo } from '../queue/commit_queue';
import { Leases } from './leases';
import { RepeatingTask } from '../queue/repeating_task';
import type { ImNamespace, ImSocket } from '../stream/socket';
import type { PresencePermission } from './permission';
import { readStates } from './states';
import { PresenceNotifier } from './notifier';

export interface PresenceOptions {
  /** What keys of Redis begin with. */
  readonly prefix: string;
  readonly checkMs: number;
  /** Readings that may wait. */
  readonly queueMax: number;
  readonly onError: (error: unknown) => void;
  /** Longer than the longest pause between two checks, 30 s, by what a check may take. */
  readonly leaseMs?: number;
  /** A device that is back by then has not been away. */
  readonly graceMs?: number;
  /** Between two looks at what Redis does not know: relations, and when devices were last seen. */
  readonly tendMs?: number;
}

const DEFAULTS = { leaseMs: 45_000, graceMs: 2000, tendMs: 60_000 };

/** Sockets of one batch. */
const SOCKETS = 200;
/** Who comes and who goes is written down together with those of the next moment. */
const GATHER_MS = 100;

/**
 * Who is online: every connection holds a lease, which its node renews at each check, and which ends by itself when the
 * node is killed. MySQL has when a device was last seen. Without Redis everything else goes on, and leases come back with it.
 */
export class Presence {
  readonly notifier: PresenceNotifier;
  readonly leases: Leases;
  readonly options: Required<PresenceOptions>;
  private readonly queue;
  private readonly tasks;
  /** Sockets that have, or are about to have, a lease: also those that are gone, for a while. */
  private readonly held = new Set<ImSocket>();

  constructor(
    private readonly namespace: ImNamespace,
    private readonly redis: Redis,
    private readonly database: Database,
    options: PresenceOptions,
  ) {
    this.options = { ...DEFAULTS, ...options };
    const { prefix, queueMax, checkMs, tendMs, onError } = this.options;
    this.leases = new Leases(redis, prefix);
    this.notifier = new PresenceNotifier(database, this.leases, queueMax);
    this.queue = new CommitQueue<ImSocket, true>({
      commit: sockets => this.settle(sockets),
      batch: upTo(SOCKETS),
      limit: Infinity,
      gatherMs: GATHER_MS,
    });
    this.tasks = [
      // By itself, so that no lease ends because MySQL is slow.
      new RepeatingTask(checkMs, () => this.hold([...this.held]), onError),
      new RepeatingTask(checkMs, () => this.notifier.look(), onError),
      new RepeatingTask(tendMs, () => this.tend(), onError),
    ];
    namespace.on('connection', socket => this.enter(socket));
    namespace.on('presence', userIds => this.refresh(userIds));
    namespace.on('presence:recheck', userIds => this.recheckHere(userIds));
    redis.on('ready', this.renewNow);
  }

  /** What is seen by these permissions, in this order. Throws UNAVAILABLE. */
  async show(permissions: readonly PresencePermission[]): Promise<Shown[]> {
    const userIds = permissions.map(each => each.userId);
    const states = await readStates(this.database, this.leases, userIds);
    return permissions.map(each => presenceShownTo(each, states.get(each.userId)!));
  }

  /** On all nodes, whoever watches these users is told what is new of them. */
  announce(userIds: readonly number[]): void {
    this.namespace.serverSideEmit('presence', userIds);
    this.refresh(userIds);
  }

  /** On all nodes, whoever watches these users, or is watched by them, has to be allowed to still. */
  recheck(userIds: readonly number[]): void {
    this.namespace.serverSideEmit('presence:recheck', userIds);
    this.recheckHere(userIds);
  }

  /** What Redis does not know: that devices are here still, and who may not watch whom any more. Throws UNAVAILABLE. */
  async tend(): Promise<void> {
    await this.see([...this.held].filter(socket => socket.connected));
    await this.notifier.recheckAll();
  }

  /** Takes the leases of this node away: its users are offline until they have connected to another. */
  async stop(): Promise<void> {
    this.redis.off('ready', this.renewNow);
    await Promise.all(this.tasks.map(task => task.stop()));
    await this.queue.drain();
    const sockets = [...this.held];
    this.held.clear();
    await this.see(sockets).catch(this.report);
    await this.leases.release(sockets).catch(this.report);
    for (const slice of chunks(sockets, SOCKETS)) this.announce(userIdsOf(slice));
    await this.notifier.drain();
  }

  private enter(socket: ImSocket): void {
    this.held.add(socket);
    this.look(socket);
    socket.once('disconnect', () => {
      this.notifier.forget(socket);
      setTimeout(() => this.leave(socket), this.options.graceMs).unref();
    });
  }

  private leave(socket: ImSocket): void {
    this.held.delete(socket);
    this.look(socket);
  }

  private look(socket: ImSocket): void {
    this.queue.submit(socket).catch(this.report);
  }

  /** Sockets that are connected get a lease, the others lose theirs. */
  private async settle(sockets: readonly ImSocket[]): Promise<true[]> {
    await this.see(sockets).catch(this.report);
    const gone = sockets.filter(socket => !socket.connected);
    await Promise.all([this.hold(sockets), this.leases.release(gone)]);
    this.announce(userIdsOf(sockets));
    return sockets.map(() => true);
  }

  private async hold(sockets: readonly ImSocket[]): Promise<void> {
    for (const slice of chunks(sockets, SOCKETS)) {
      // Looked at right before, so that a lease is never given after it was taken away.
      const here = slice.filter(socket => socket.connected && this.held.has(socket));
      await this.leases.hold(here, this.options.leaseMs);
    }
  }

  /** A Redis that comes back may have lost everything. */
  private readonly renewNow = () => void this.hold([...this.held]).catch(this.report);

  /** Writes down that these devices are seen. Index: device PRIMARY. */
  private async see(sockets: readonly ImSocket[]): Promise<void> {
    for (const slice of chunks(sockets, SOCKETS)) {
      const keys = tuples(slice.map(({ data }) => [data.userId, data.deviceId]));
      const update = `UPDATE device SET last_seen_at = UTC_TIMESTAMP(3) WHERE (user_id, device_id) IN (${keys})`;
      await retrying(() => this.database.begin(session => session.commit([update])));
    }
  }

  private refresh(userIds: readonly number[]): void {
    this.notifier.refresh(userIds).catch(this.report);
  }

  private recheckHere(userIds: readonly number[]): void {
    this.notifier.recheck(userIds).catch(this.report);
  }

  /** What is refused for now, the next check makes good. */
  private readonly report = (error: unknown) => {
    if (!(error instanceof AppError)) this.options.onError(error);
  };
}

function userIdsOf(sockets: readonly ImSocket[]): number[] {
  return [...new Set(sockets.map(socket => socket.data.userId))];
}
