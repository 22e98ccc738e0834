import { shownBy } from '../../schema/display_time';
import { Json, textOf } from '../../schema/json';
import { PushedEntries } from '../../schema/sync';
import type { Bus } from './bus';
import type { ImNamespace, ImSocket } from './socket';
import { entryOf, singleOf, type Publication } from './entry';
import { textFrame } from './frame';
import type { PlacedSingle } from './given';

export function roomOfUser(userId: number): string {
  return `user:${userId}`;
}

export function roomOfSession(sessionId: string): string {
  return `session:${sessionId}`;
}

/** A push as a device in a zone shows its times. */
export const shownPush = shownBy(PushedEntries);

/** What one recipient gets of several publications. */
interface Part {
  /** As JSON, with commas between. */
  entries: string;
  readonly first: number;
  head: number;
  readonly singles: PlacedSingle[];
  /** Of one entry alone: what follows its place, in bytes that all recipients share. */
  rest?: Buffer;
}

/** A push as text, and where it is sent over WebSocket as a frame. */
interface Packet {
  readonly text: string;
  readonly frame?: Buffer;
}

/** The part of Socket.IO's client that its adapters use to write packets that are encoded already. */
interface PacketWriter {
  writeToEngine(
    packets: readonly string[],
    options: { volatile: boolean; wsPreEncodedFrame?: readonly Buffer[] },
  ): void;
}

/**
 * Sends committed entries to the online devices of their recipients: one publish for all nodes, and on each node one
 * packet for each recipient who is connected to it.
 */
export class Publisher {
  /** What a packet of a push begins with. */
  private readonly before;

  constructor(
    private readonly namespace: ImNamespace,
    private readonly bus: Bus,
  ) {
    this.before = `2${namespace.name},["sync:push",`;
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
    const online = new Map<number, Part>();
    for (const { tail, to, single = singleOf(tail) } of publications) {
      const rest = Buffer.from(`${tail}]}]`);
      for (let index = 0; index < to.length; index += 2) {
        const userId = to[index];
        const head = to[index + 1];
        const sooner = online.get(userId);
        if (!sooner && !rooms.has(roomOfUser(userId))) continue;
        const part: Part = sooner ?? { entries: '', first: head, head, singles: [], rest };
        if (sooner) part.rest = undefined;
        part.entries += `${sooner ? ',' : ''}${entryOf(head, tail)}`;
        part.head = head;
        if (single && single.senderId !== userId) {
          part.singles.push({ conversationId: single.conversationId, seq: single.seq, syncSeq: head });
        }
        if (!sooner) online.set(userId, part);
      }
    }
    for (const [userId, part] of online) this.send(userId, part);
  }

  private send(userId: number, part: Part): void {
    const packet = this.packetOf(part);
    for (const id of this.namespace.adapter.rooms.get(roomOfUser(userId)) ?? []) {
      const socket = this.namespace.sockets.get(id);
      if (!socket) continue;
      const { zone } = socket.data;
      const shown = zone ? { text: `${this.before}${textOf(shownPush(new Json(entriesOf(part)), zone))}]` } : packet;
      write(socket, shown, part);
    }
  }

  /** Encoded here because each recipient's packet differs in the syncSeq alone: its bulk is serialised once for all. */
  private packetOf(part: Part): Packet {
    const { first, rest } = part;
    const text = `${this.before}${entriesOf(part)}]`;
    return rest ? { text, frame: textFrame(`4${this.before}{"entries":[${entryOf(first, '')}`, rest) } : { text };
  }
}

function entriesOf({ entries }: Part): string {
  return `{"entries":[${entries}]}`;
}

function write({ data, client }: ImSocket, { text, frame }: Packet, { first, head, singles }: Part): void {
  data.head = Math.max(data.head, head);
  data.given.push(first, head, singles);
  const options = { volatile: false, ...(frame && { wsPreEncodedFrame: [frame] }) };
  (client as unknown as PacketWriter).writeToEngine([text], options);
}
