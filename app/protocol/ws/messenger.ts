import type { Application } from 'egg';
import { randomUUID } from 'node:crypto';
import type { Namespace, Socket } from 'socket.io';
import { contextOf } from '../../io/handshake';
import { requireSize } from '../../lib/stream/parser';
import { AppError } from '../../schema/errors';
import type { ServerEventPayload } from '../../schema/events';
import type { SentMessage } from '../../schema/message';
import type { Entry, EntryData } from '../../schema/sync';
import { isObject } from '../../schema/validate';
import { Follower } from '../follower';
import { failureOf, type LocalClient } from '../local_client';
import { messageIdOf } from '../message_id';
import { destinationOf, draftsOf, idIn } from './draft';
import { presentMessage, type Telling, type WsMessage } from './message';

interface ServerToClient {
  message: (message: WsMessage) => void;
  'request:failed': (failed: ServerEventPayload<'request:failed'>) => void;
  'session:closed': (closed: ServerEventPayload<'session:closed'>) => void;
  'connection:closed': (closed: ServerEventPayload<'connection:closed'>) => void;
}

interface Data {
  messenger: Messenger;
}

export type WsNamespace = Namespace<Record<string, never>, ServerToClient, Record<string, never>, Data>;
export type WsSocket = Socket<Record<string, never>, ServerToClient, Record<string, never>, Data>;

type Ack = (answer: object) => void;

/** A socket of the conversations service: what it says is done, and what arrives for its user is told to it. */
export class Messenger {
  private readonly telling: Telling;
  private readonly follower;
  /** Messages of this socket that it is not told of: it has named participants, and is none of them. */
  private readonly untold = new Set<string>();
  /** It was told that it is not to come back by itself. */
  private isOver = false;

  constructor(
    private readonly app: Application,
    private readonly socket: WsSocket,
    private readonly client: LocalClient,
  ) {
    const { origin } = contextOf(app, socket);
    this.telling = { me: String(client.actor.userId), origin };
    this.follower = new Follower(client, { apply: entry => this.apply(entry), reset: () => this.untold.clear() });
    client.on('session:closed', closed => this.end(() => socket.emit('session:closed', closed)));
    client.on('connection:closed', closed => this.end(() => socket.emit('connection:closed', closed)));
    client.onClose(() => socket.connected && this.close());
  }

  get userId(): number {
    return this.client.actor.userId;
  }

  /** Resolves when nothing that is sent from now on is missed. Throws UNAVAILABLE. */
  get ready(): Promise<void> {
    return this.follower.ready;
  }

  /** Answers what the socket says from now on, by its ack, or where a refusal has none, by `request:failed`. */
  serve(): void {
    if (!this.client.isOpen) this.close();
    this.socket.onAny((event: string, ...args: unknown[]) => {
      const ack = typeof args.at(-1) === 'function' ? (args.pop() as Ack) : undefined;
      this.respond(event, args[0]).then(
        data => ack?.({ ok: true, ...(data && { data }) }),
        (error: unknown) => this.refuse(event, error, ack),
      );
    });
  }

  private async respond(event: string, payload: unknown): Promise<object | undefined> {
    requireSize(payload, this.app.config.im.packetMaxBytes);
    if (event === 'message') return this.send(isObject(payload) ? payload : {});
    if (event !== 'join') throw new AppError('UNKNOWN_EVENT');
    // Everything that a member may hear of comes anyway: this says whether the user is one.
    await this.client.call('conversation.show', { conversationId: idIn(payload) });
    return undefined;
  }

  private async send(payload: Readonly<Record<string, unknown>>): Promise<object> {
    const message = isObject(payload.message) ? payload.message : {};
    const participants: unknown[] = Array.isArray(payload.participants) ? payload.participants : [];
    const { me } = this.telling;
    const destination = destinationOf(participants, message, me);
    const isUntold = participants.length > 0 && !participants.includes(me);
    let sent: SentMessage | undefined;
    for (const draft of draftsOf(message)) {
      const clientMsgId = randomUUID();
      if (isUntold) this.untold.add(clientMsgId);
      sent = await this.client
        .call('message.send', { ...destination, clientMsgId, ...draft })
        .catch((error: unknown) => {
          this.untold.delete(clientMsgId);
          throw error;
        });
    }
    const { conversationId, sentAt } = sent!;
    return { id: messageIdOf(sent!), conversationId, createdAt: sentAt };
  }

  /** Without a farewell it comes back. */
  private close(): void {
    if (this.isOver) this.socket.disconnect(true);
    else this.socket.conn.close();
  }

  private end(tell: () => void): void {
    this.isOver = true;
    tell();
  }

  private apply(entry: Entry): void {
    const kind = entry.type === 'message.new' ? entry.conversation : undefined;
    if (!kind) return;
    const { messages } = entry.data as EntryData<'message.new'>;
    for (const message of messages) {
      const isTold = message.senderId && message.type !== 'system' && !message.recalled && !message.deleted;
      if (!this.untold.delete(message.clientMsgId) && isTold)
        this.socket.emit('message', presentMessage(message, kind, this.telling));
    }
  }

  private refuse(event: string, error: unknown, ack?: Ack): void {
    const failure = failureOf(this.app, error, this.client.actor.locale);
    if (ack) ack({ ok: false, error: failure });
    else this.socket.emit('request:failed', { event, error: failure });
  }
}
