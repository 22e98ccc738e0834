import type { ImSocket } from '../stream/socket';
import { keyOf, type PresencePermission } from './permission';

/** A user whom sockets of this node watch, and what these were last told. */
export interface Subscribed<T> {
  readonly sockets: Map<ImSocket, PresencePermission>;
  told?: T;
}

/** Which sockets of this node watch whom. */
export class Subscriptions<T> {
  private readonly byUser = new Map<number, Subscribed<T>>();
  private readonly bySocket = new Map<ImSocket, Set<number>>();

  get(userId: number): Subscribed<T> | undefined {
    return this.byUser.get(userId);
  }

  /** All who are watched. */
  userIds(): number[] {
    return [...this.byUser.keys()];
  }

  /** Whom a socket watches. */
  of(socket: ImSocket): ReadonlySet<number> {
    return this.bySocket.get(socket) ?? new Set();
  }

  /** Every permission of these users once, however many sockets it has. */
  permissionsOf(userIds: readonly number[]): PresencePermission[] {
    const permissions = new Map<string, PresencePermission>();
    for (const userId of userIds) {
      for (const permission of this.byUser.get(userId)?.sockets.values() ?? [])
        permissions.set(keyOf(permission), permission);
    }
    return [...permissions.values()];
  }

  /** Every permission that these users have. */
  permissionsBy(userIds: readonly number[]): PresencePermission[] {
    const viewerIds = new Set(userIds);
    const permissions = new Map<string, PresencePermission>();
    for (const [socket, watched] of this.bySocket) {
      if (!viewerIds.has(socket.data.userId)) continue;
      for (const userId of watched) {
        const permission = this.byUser.get(userId)!.sockets.get(socket)!;
        permissions.set(keyOf(permission), permission);
      }
    }
    return [...permissions.values()];
  }

  add(socket: ImSocket, permission: PresencePermission): void {
    let watched = this.byUser.get(permission.userId);
    if (!watched) this.byUser.set(permission.userId, (watched = { sockets: new Map() }));
    watched.sockets.set(socket, permission);
    const userIds = this.bySocket.get(socket);
    if (userIds) userIds.add(permission.userId);
    else this.bySocket.set(socket, new Set([permission.userId]));
  }

  remove(socket: ImSocket, userId: number): void {
    const watched = this.byUser.get(userId);
    watched?.sockets.delete(socket);
    if (watched?.sockets.size === 0) this.byUser.delete(userId);
    const userIds = this.bySocket.get(socket);
    userIds?.delete(userId);
    if (userIds?.size === 0) this.bySocket.delete(socket);
  }

  removeAll(socket: ImSocket): void {
    for (const userId of this.of(socket)) this.remove(socket, userId);
  }
}
