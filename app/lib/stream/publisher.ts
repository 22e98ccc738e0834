import { shownBy } from '../../schema/display_time';
import { Json, textOf } from '../../schema/json';
import { PushedEntries } from '../../schema/sync';
import type { Bus } from './bus';
import type { ImNamespace, ImSocket } from './socket';
import { entryOf, type Publication } from './entry';

export function roomOfUser(userId: number): string {
  return `user:${userId}`;
}

export function roomOfSession(sessionId: string): string {
  return `session:${sessionId}`;
}

/** A push as a device in a zone shows its times. */
export const shownPush = shownBy(PushedEntries);

/** The part of Socket.IO's client that its adapters use to write packets that are encoded already. */
interface PacketWriter {
  writeToEngine(packets: readonly string[], options: { volatile?: boolean; compress?: boolean }): void;
}

/**
 * Sends committed entries to the online devices of their recipients: one publish for all nodes, and on each node one
 * packet for each recipient who is connected to it.
 */
export class Publisher {
  constructor(
    private readonly namespace: ImNamespace,
    private readonly bus: Bus,
  ) {
    bus.listen(publications => this.deliver(publications));
  }

  publish(publications: Publication[]): void {
    const received = publications.filter(({ to }) => to.length > 0);
    if (received.length === 0) return;
    this.bus.send(received);
    this.deliver(received);
  }

  private deliver(publications: readonly Publication[]): void {
    const { rooms } = this.namespace.adapter;
    const online = new Map<number, { entries: string; head: number }>();
    for (const { tail, to } of publications) {
      for (let index = 0; index < to.length; index += 2) {
        const userId = to[index];
        const head = to[index + 1];
        const sooner = online.get(userId);
        if (sooner) online.set(userId, { entries: `${sooner.entries},${entryOf(head, tail)}`, head });
        else if (rooms.has(roomOfUser(userId))) online.set(userId, { entries: entryOf(head, tail), head });
      }
    }
    for (const [userId, { entries, head }] of online) this.send(userId, entries, head);
  }

  private send(userId: number, entries: string, head: number): void {
    // Encoded here because each recipient's packet differs in the syncSeq alone: its bulk is serialised once for all.
    const payload = `{"entries":[${entries}]}`;
    const packet = this.packetOf(payload);
    for (const id of this.namespace.adapter.rooms.get(roomOfUser(userId)) ?? []) {
      const socket = this.namespace.sockets.get(id);
      if (!socket) continue;
      const { zone } = socket.data;
      const shown = zone ? this.packetOf(textOf(shownPush(new Json(payload), zone))) : packet;
      this.write(socket, shown, head);
    }
  }

  private packetOf(payload: string): string {
    return `2${this.namespace.name},["sync:push",${payload}]`;
  }

  private write(socket: ImSocket, packet: string, head: number): void {
    socket.data.head = Math.max(socket.data.head, head);
    (socket.client as unknown as PacketWriter).writeToEngine([packet], { volatile: false });
  }
}
