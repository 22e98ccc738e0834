import type { ImSocket } from '../stream/publisher';
import { keyOf, type Sight } from './permission';

/** A user whom sockets of this node watch, and what these were last told. */
export interface Watched<T> {
  readonly sockets: Map<ImSocket, Sight>;
  told?: T;
}

/** Which sockets of this node watch whom. */
export class Watches<T> {
  private readonly byUser = new Map<number, Watched<T>>();
  private readonly bySocket = new Map<ImSocket, Set<number>>();

  get(userId: number): Watched<T> | undefined {
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

  /** Every sight of these users once, however many sockets it has. */
  sightsOf(userIds: readonly number[]): Sight[] {
    const sights = new Map<string, Sight>();
    for (const userId of userIds) {
      for (const sight of this.byUser.get(userId)?.sockets.values() ?? []) sights.set(keyOf(sight), sight);
    }
    return [...sights.values()];
  }

  /** Every sight that these users have. */
  sightsBy(userIds: readonly number[]): Sight[] {
    const viewerIds = new Set(userIds);
    const sights = new Map<string, Sight>();
    for (const [socket, watched] of this.bySocket) {
      if (!viewerIds.has(socket.data.userId)) continue;
      for (const userId of watched) {
        const sight = this.byUser.get(userId)!.sockets.get(socket)!;
        sights.set(keyOf(sight), sight);
      }
    }
    return [...sights.values()];
  }

  add(socket: ImSocket, sight: Sight): void {
    let watched = this.byUser.get(sight.userId);
    if (!watched) this.byUser.set(sight.userId, (watched = { sockets: new Map() }));
    watched.sockets.set(socket, sight);
    const userIds = this.bySocket.get(socket);
    if (userIds) userIds.add(sight.userId);
    else this.bySocket.set(socket, new Set([sight.userId]));
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
