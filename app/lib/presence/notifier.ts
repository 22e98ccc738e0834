import { isDeepStrictEqual } from 'node:util';
import { presenceShownTo, type PresenceState } from '../../policy/presence';
import { shownBy } from '../../schema/display_time';
import { Presence } from '../../schema/presence';
import type { Database } from '../database/pool';
import { chunks } from '../database/statement';
import { AppError } from '../../schema/errors';
import { CommitQueue, upTo } from '../queue/commit_queue';
import type { Leases } from './leases';
import type { ImSocket } from '../stream/socket';
import { allowed, keyOf, type PresencePermission } from './permission';
import { readStates } from './states';
import { Subscriptions } from './subscriptions';

/** Users whom one socket may watch. */
const WATCHED = 1000;
const USERS = 500;
/** Requests that are answered from one reading. */
const REQUESTS = 20;

/** Tells the sockets of this node how the presence of those whom they watch changes. */
export class PresenceNotifier {
  private readonly subscriptions = new Subscriptions<PresenceState>();
  /** One reading after the other, so that nobody is told an older state after a newer one. */
  private readonly readings;

  constructor(
    private readonly database: Database,
    private readonly leases: Leases,
    limit: number,
  ) {
    this.readings = new CommitQueue<readonly number[], PresenceState[]>({
      commit: requests => this.read(requests),
      batch: upTo(REQUESTS),
      limit,
    });
  }

  /**
   * The presence of users, of whom the socket is told every change from now on. Throws LIMIT_REACHED, BUSY,
   * UNAVAILABLE.
   */
  async watch(socket: ImSocket, permissions: readonly PresencePermission[]): Promise<Presence[]> {
    const before = this.subscriptions.of(socket);
    const added = permissions.filter(({ userId }) => !before.has(userId)).map(each => each.userId);
    if (before.size + added.length > WATCHED) throw new AppError('LIMIT_REACHED', { limit: WATCHED });
    // The watching begins before the states are read, so that no change is missed. A socket that has gone would watch
    // for ever.
    if (socket.connected) for (const permission of permissions) this.subscriptions.add(socket, permission);
    try {
      const states = await this.readings.submit(permissions.map(each => each.userId));
      return states.map((state, index) => presenceShownTo(permissions[index], state));
    } catch (error) {
      this.unwatch(socket, added);
      throw error;
    }
  }

  unwatch(socket: ImSocket, userIds: readonly number[]): void {
    for (const userId of userIds) this.subscriptions.remove(socket, userId);
  }

  /** A socket that has gone watches nobody. */
  forget(socket: ImSocket): void {
    this.subscriptions.removeAll(socket);
  }

  /** Tells what is new of these users to those who watch them here. Throws BUSY, UNAVAILABLE. */
  async refresh(userIds: readonly number[]): Promise<void> {
    const watched = userIds.filter(id => this.subscriptions.get(id));
    for (const ids of chunks(watched, USERS)) await this.readings.submit(ids);
  }

  /** Tells of leases that have come or gone unannounced. Only Redis is asked while there are none. Throws UNAVAILABLE. */
  async look(): Promise<void> {
    for (const ids of chunks(this.subscriptions.userIds(), USERS)) {
      const platforms = await this.leases.platforms(ids);
      const isNew = (id: number) => {
        const told = this.subscriptions.get(id)?.told;
        return told && !isDeepStrictEqual(told.presence.platforms, platforms.get(id));
      };
      await this.refresh(ids.filter(isNew));
    }
  }

  /** Checks again who may see these users, and whom these users may see. Throws UNAVAILABLE. */
  async recheck(userIds: readonly number[]): Promise<void> {
    await this.check([...this.subscriptions.permissionsOf(userIds), ...this.subscriptions.permissionsBy(userIds)]);
  }

  /**
   * Checks all permissions again, and tells who has begun or ceased to hide, of which no lease tells. Throws
   * UNAVAILABLE.
   */
  async recheckAll(): Promise<void> {
    for (const ids of chunks(this.subscriptions.userIds(), USERS)) {
      await this.check(this.subscriptions.permissionsOf(ids));
      await this.refresh(ids);
    }
  }

  drain(): Promise<void> {
    return this.readings.drain();
  }

  private async check(permissions: readonly PresencePermission[]): Promise<void> {
    const still = new Map(
      (await allowed(this.database, permissions)).map(permission => [keyOf(permission), permission]),
    );
    const checked = new Set(permissions.map(keyOf));
    for (const userId of new Set(permissions.map(permission => permission.userId))) {
      for (const [socket, permission] of this.subscriptions.get(userId)?.sockets ?? []) {
        const key = keyOf(permission);
        const now = still.get(key);
        if (now) {
          this.subscriptions.add(socket, now);
          tellChange(socket, permission, now, this.subscriptions.get(userId)?.told);
        } else if (checked.has(key)) this.subscriptions.remove(socket, userId);
      }
    }
  }

  private async read(requests: readonly (readonly number[])[]): Promise<PresenceState[][]> {
    const states = await readStates(this.database, this.leases, [...new Set(requests.flat())]);
    for (const [userId, state] of states) this.tell(userId, state);
    return requests.map(userIds => userIds.map(id => states.get(id)!));
  }

  private tell(userId: number, state: PresenceState): void {
    const watched = this.subscriptions.get(userId);
    if (!watched) return;
    const { told, sockets } = watched;
    watched.told = state;
    if (!told || isDeepStrictEqual(told, state)) return;
    for (const [socket, permission] of sockets) {
      const shown = presenceShownTo(permission, state);
      // Others see no change when a user who hides comes or goes.
      if (!isDeepStrictEqual(shown, presenceShownTo(permission, told))) emitChange(socket, shown);
    }
  }
}

/** Tells a socket what it sees of a user differently since the two have begun, or ceased, to be friends. */
function tellChange(socket: ImSocket, before: PresencePermission, now: PresencePermission, told?: PresenceState): void {
  if (!told || before.areFriends === now.areFriends) return;
  const shown = presenceShownTo(now, told);
  if (!isDeepStrictEqual(shown, presenceShownTo(before, told))) emitChange(socket, shown);
}

const shownIn = shownBy(Presence);

function emitChange(socket: ImSocket, presence: Presence): void {
  socket.emit('presence:changed', shownIn(presence, socket.data.zone));
}
