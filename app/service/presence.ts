import { Service } from 'egg';
import type { Actor } from '../lib/auth/actor';
import { presenceDenial } from '../policy/presence';
import { assertAllowed } from '../schema/errors';
import type { ImSocket } from '../lib/stream/socket';
import { readAcquaintances } from '../lib/presence/acquaintances';
import { allowed, type PresencePermission } from '../lib/presence/permission';
import type { Page } from '../schema/page';
import type { Presence } from '../schema/presence';

/** Users whom a page looks at: so many at once, so many times. */
const LOOKED_AT = 200;
const LOOKS = 10;

/** Presence of users, for those who may see it, as app/policy/presence.ts says. */
export default class PresenceService extends Service {
  /** The presence of users. Throws FORBIDDEN, with the ids of those whom the actor may not see, UNAVAILABLE. */
  async show(actor: Actor, userIds: readonly number[]): Promise<Presence[]> {
    return this.app.presence.show(await this.requirePermission(actor, userIds));
  }

  /**
   * The presence of users, of whom the socket is told every change from now on. Throws what `show` throws,
   * LIMIT_REACHED, BUSY.
   */
  async watch(actor: Actor, socket: ImSocket, userIds: readonly number[]): Promise<Presence[]> {
    return this.app.presence.notifier.watch(socket, await this.requirePermission(actor, userIds));
  }

  /** Ends the watching of users; those who are not watched are passed over. */
  unwatch(socket: ImSocket, userIds: readonly number[]): void {
    this.app.presence.notifier.unwatch(socket, userIds);
  }

  /** Those acquaintances of the actor who are online, in order of id. Throws UNAVAILABLE. */
  async listOnline(actor: Actor, cursor: string | undefined, limit: number): Promise<Page<Presence>> {
    const { database } = this.app.engine;
    const items: Presence[] = [];
    let after = Number(cursor ?? 0);
    for (let look = 0; look < LOOKS; look++) {
      const userIds = await readAcquaintances(database, actor.userId, after, LOOKED_AT);
      const wanted = userIds.map(userId => ({ viewerId: actor.userId, userId, areFriends: false }));
      const shown = await this.app.presence.show(await allowed(database, wanted));
      const online = shown.filter(each => each.online).sort((a, b) => Number(a.userId) - Number(b.userId));
      items.push(...online.slice(0, limit - items.length));
      if (items.length === limit) return { items, nextCursor: items[limit - 1].userId };
      if (userIds.length < LOOKED_AT) return { items };
      after = userIds[LOOKED_AT - 1];
    }
    return { items, nextCursor: String(after) };
  }

  /** How many users of the actor's tenant are online. Throws UNAVAILABLE. */
  count(actor: Actor): Promise<number> {
    return this.app.presence.leases.count(actor.app);
  }

  /**
   * Checks again who may see these users, and whom these users may see. It has to be called, after the commit, when one of
   * them has ended a friendship, left a group or been blocked; it waits for nothing and never throws.
   */
  recheck(userIds: readonly number[]): void {
    this.app.presence.recheck(userIds);
  }

  /** The permissions to see these users, in their order. Throws FORBIDDEN. */
  private async requirePermission(actor: Actor, userIds: readonly number[]): Promise<PresencePermission[]> {
    const wanted = userIds.map(userId => ({ viewerId: actor.userId, userId, areFriends: false }));
    const permissions = new Map(
      (await allowed(this.app.engine.database, wanted)).map(permission => [permission.userId, permission]),
    );
    const unseenIds = userIds.filter(id => !permissions.has(id));
    assertAllowed(presenceDenial(unseenIds), { FORBIDDEN: { userIds: unseenIds.map(String) } });
    return userIds.map(id => permissions.get(id)!);
  }
}
