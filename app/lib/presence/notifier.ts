import { isDeepStrictEqual } from 'node:util';
import type { Presence } from '../../schema/presence';
import { chunks, type Database } from '../database/pool';
import { AppError } from '../../schema/errors';
import { Lane } from '../queue/commit_queue';
import type { Leases } from './leases';
import type { ImSocket } from '../stream/publisher';
import { allowed, keyOf, type Sight } from './permission';
import { readStates, shownTo, type State } from './states';
import { Watches } from './subscriptions';

/** Users whom one socket may watch. */
const WATCHED = 1000;
const USERS = 500;
/** Requests that are answered from one reading. */
const REQUESTS = 20;

/** Tells the sockets of this node how the presence of those whom they watch changes. */
export class Watching {
  private readonly watches = new Watches<State>();
  /** One reading after the other, so that nobody is told an older state after a newer one. */
  private readonly readings;

  constructor(
    private readonly database: Database,
    private readonly leases: Leases,
    limit: number,
  ) {
    this.readings = new Lane<readonly number[], State[]>({
      commit: requests => this.read(requests),
      take: requests => Math.min(requests.length, REQUESTS),
      limit,
    });
  }

  /** The present states, and from now on every change. Throws LIMIT_REACHED, BUSY, UNAVAILABLE. */
  async watch(socket: ImSocket, sights: readonly Sight[]): Promise<Presence[]> {
    const before = this.watches.of(socket);
    const added = sights.filter(({ userId }) => !before.has(userId)).map(each => each.userId);
    if (before.size + added.length > WATCHED) throw new AppError('LIMIT_REACHED', { limit: WATCHED });
    // Before the states are read, so that no change falls between the two. Who has gone meanwhile would stay for ever.
    if (socket.connected) for (const sight of sights) this.watches.add(socket, sight);
    try {
      const states = await this.readings.submit(sights.map(each => each.userId));
      return states.map(state => shownTo(socket.data.userId, state));
    } catch (error) {
      this.unwatch(socket, added);
      throw error;
    }
  }

  unwatch(socket: ImSocket, userIds: readonly number[]): void {
    for (const userId of userIds) this.watches.remove(socket, userId);
  }

  /** A socket that has gone watches nobody. */
  forget(socket: ImSocket): void {
    this.watches.removeAll(socket);
  }

  /** Tells what is new of these users to those who watch them here. Throws BUSY, UNAVAILABLE. */
  async refresh(userIds: readonly number[]): Promise<void> {
    const watched = userIds.filter(id => this.watches.get(id));
    for (const ids of chunks(watched, USERS)) await this.readings.submit(ids);
  }

  /** Tells of leases that have come or gone without a word: by Redis alone as long as nothing has. Throws UNAVAILABLE. */
  async look(): Promise<void> {
    for (const ids of chunks(this.watches.userIds(), USERS)) {
      const platforms = await this.leases.platforms(ids);
      const isNew = (id: number) => {
        const told = this.watches.get(id)?.told;
        return told && !isDeepStrictEqual(told.presence.platforms, platforms.get(id));
      };
      await this.refresh(ids.filter(isNew));
    }
  }

  /** Looks again who may see whom, of these users and by these users. Throws UNAVAILABLE. */
  async recheck(userIds: readonly number[]): Promise<void> {
    await this.check([...this.watches.sightsOf(userIds), ...this.watches.sightsBy(userIds)]);
  }

  /** The same for all, and tells what no lease says: who hides, and does not any more. Throws UNAVAILABLE. */
  async recheckAll(): Promise<void> {
    for (const ids of chunks(this.watches.userIds(), USERS)) {
      await this.check(this.watches.sightsOf(ids));
      await this.refresh(ids);
    }
  }

  drain(): Promise<void> {
    return this.readings.drain();
  }

  private async check(sights: readonly Sight[]): Promise<void> {
    const still = new Map((await allowed(this.database, sights)).map(sight => [keyOf(sight), sight]));
    const checked = new Set(sights.map(keyOf));
    for (const userId of new Set(sights.map(sight => sight.userId))) {
      for (const [socket, sight] of this.watches.get(userId)?.sockets ?? []) {
        const key = keyOf(sight);
        const now = still.get(key);
        if (now) this.watches.add(socket, now);
        else if (checked.has(key)) this.watches.remove(socket, userId);
      }
    }
  }

  private async read(requests: readonly (readonly number[])[]): Promise<State[][]> {
    const states = await readStates(this.database, this.leases, [...new Set(requests.flat())]);
    for (const [userId, state] of states) this.tell(userId, state);
    return requests.map(userIds => userIds.map(id => states.get(id)!));
  }

  private tell(userId: number, state: State): void {
    const watched = this.watches.get(userId);
    if (!watched) return;
    const { told, sockets } = watched;
    watched.told = state;
    if (!told || isDeepStrictEqual(told, state)) return;
    for (const socket of sockets.keys()) {
      const shown = shownTo(socket.data.userId, state);
      // To others, what somebody does who hides is no change.
      if (!isDeepStrictEqual(shown, shownTo(socket.data.userId, told))) socket.emit('presence:changed', shown);
    }
  }
}
