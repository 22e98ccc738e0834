import { Service } from 'egg';
import type { Actor } from '../lib/auth/actor';
import { presenceDenial } from '../policy/presence';
import { assertAllowed } from '../schema/errors';
import type { ImSocket } from '../lib/stream/socket';
import { allowed, type PresencePermission } from '../lib/presence/permission';
import type { Presence } from '../schema/presence';

/** Who is online, for those who may know: friends, and members of a common group. */
export default class PresenceService extends Service {
  /** Throws FORBIDDEN with those whom the actor may not see, UNAVAILABLE. */
  async show(actor: Actor, userIds: readonly number[]): Promise<Presence[]> {
    await this.requirePermission(actor, userIds);
    return this.app.presence.show(actor.userId, userIds);
  }

  /** The same, and from now on the socket is told every change. Throws LIMIT_REACHED, BUSY too. */
  async watch(actor: Actor, socket: ImSocket, userIds: readonly number[]): Promise<Presence[]> {
    return this.app.presence.notifier.watch(socket, await this.requirePermission(actor, userIds));
  }

  /** Who is not watched is passed over. */
  unwatch(socket: ImSocket, userIds: readonly number[]): void {
    this.app.presence.notifier.unwatch(socket, userIds);
  }

  /** Users of the actor's tenant who are online. Throws UNAVAILABLE. */
  count(actor: Actor): Promise<number> {
    return this.app.presence.leases.count(actor.app);
  }

  /**
   * After these users have lost a relation (a friend, a block, a common group): nobody goes on watching whom they may not
   * see any more. To be called after the commit; it waits for nothing and never throws.
   */
  recheck(userIds: readonly number[]): void {
    this.app.presence.recheck(userIds);
  }

  /** The permissions in the order of the users. */
  private async requirePermission(actor: Actor, userIds: readonly number[]): Promise<PresencePermission[]> {
    const wanted = userIds.map(userId => ({ viewerId: actor.userId, userId }));
    const permissions = new Map(
      (await allowed(this.app.engine.database, wanted)).map(permission => [permission.userId, permission]),
    );
    const unseenIds = userIds.filter(id => !permissions.has(id));
    assertAllowed(presenceDenial(unseenIds), { FORBIDDEN: { userIds: unseenIds.map(String) } });
    return userIds.map(id => permissions.get(id)!);
  }
}
