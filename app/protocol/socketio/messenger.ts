import type { Context } from 'egg';
import { AppError } from '../../schema/errors';
import type { Message } from '../../schema/message';
import type { Entry } from '../../schema/sync';
import { Follower } from '../follower';
import { LocalClient, Refused } from '../local_client';
import { messageIdOf, placeOf, type Place } from '../message_id';
import { outsideOf } from '../outside';
import type { Cards } from './cards';
import { Gathering } from './gathering';
import type { Payload } from './payload';
import type { RootSocket } from './socket';
import { delMsgOf, draftOf, sendMsgOf, systemNotOf } from './told';

/** Entries that may wait for the names of their senders. */
const WAITING = 5000;

/** A user who has said `conn`: a client of /im, of whose stream it is told what these clients know. */
export class Messenger {
  private readonly gathering: Gathering;
  private last = Promise.resolve();
  private waiting = 0;
  /** It is not to come back by itself. */
  private isOver = false;

  private readonly follower;

  private constructor(
    private readonly ctx: Context,
    private readonly socket: RootSocket,
    private readonly client: LocalClient,
    private readonly cards: Cards,
  ) {
    this.gathering = new Gathering(strings => socket.emit('broadcastingListen', strings));
    this.follower = new Follower(client, { apply: entry => this.apply(entry), reset: () => client.close() });
    client.on('session:closed', () => this.refuse(new AppError('SESSION_CLOSED')));
    client.on('connection:closed', () => this.refuse(new AppError('TOO_MANY_CONNECTIONS')));
    client.onClose(() => this.gathering.end());
  }

  /** Resolves when nothing that is sent from now on is missed. Throws Refused, UNAVAILABLE. */
  static async open(ctx: Context, socket: RootSocket, token: string, cards: Cards): Promise<Messenger> {
    const client = await LocalClient.connect(ctx.app, outsideOf(ctx.app, socket), { token, lang: 'zh' });
    const actor = Object.assign(Object.create(ctx) as Context, { actor: client.actor });
    const messenger = new Messenger(actor, socket, client, cards);
    await messenger.follower.ready;
    return messenger;
  }

  get userId(): number {
    return this.client.actor.userId;
  }

  get tenant(): string {
    return this.client.actor.app;
  }

  get isOpen(): boolean {
    return this.client.isOpen;
  }

  /** @param listener is told whether the client is not to come back by itself */
  onClose(listener: (isOver: boolean) => void): void {
    this.client.onClose(() => listener(this.isOver));
  }

  close(): void {
    this.client.close();
  }

  /** A newer one has come. */
  replace(): void {
    this.isOver = true;
    this.close();
  }

  /** Throws Refused, INVALID_INPUT. */
  async send(given: Payload): Promise<object> {
    const sent = await this.client.call('message.send', draftOf(given));
    return { msgid: messageIdOf(sent) };
  }

  /**
   * Deletes an own message for both. One that is gone already, as these clients ask the HTTP API first, is no failure; nor is one that
   * the user has cleared, of which no entry tells: without an ack the client would wait for ever.
   */
  async remove({ msgid }: Payload): Promise<void> {
    const place = placeOf(msgid);
    try {
      await this.client.call('message.remove', {
        conversationId: place.conversationId,
        seqs: [place.seq],
        for: 'both',
      });
    } catch (error) {
      if (!(error instanceof Refused && error.failure.code === 'MESSAGE_NOT_FOUND')) throw error;
      this.gathering.add(delMsgOf(place));
    }
  }

  private refuse(error: AppError): void {
    this.socket.emit('request:failed', { event: 'conn', error: this.ctx.app.failureOf(error, 'zh-cn') });
    this.replace();
  }

  /** One entry after the other. */
  private apply(entry: Entry): void {
    // It comes back, and reads the history.
    if (++this.waiting > WAITING) return this.close();
    const telling = this.last.then(() => this.tell(entry));
    this.last = telling.catch((error: unknown) => this.ctx.app.logger.warn(error)).finally(() => this.waiting--);
  }

  private async tell(entry: Entry): Promise<void> {
    const { type, data } = entry;
    const gone = goneBy(entry);
    if (gone.length > 0 && !(await this.isOfGroup(gone[0]))) {
      for (const place of gone) this.gathering.add(delMsgOf(place));
    }
    if (type !== 'message.new' || !('messages' in data)) return;
    const kind = 'conversation' in entry ? entry.conversation.type : undefined;
    for (const message of data.messages) {
      if (!isNews(message, this.userId)) continue;
      if (message.type === 'notice') this.gathering.add(systemNotOf(message));
      else if (kind === 'single') await this.tellMessage(message);
    }
  }

  private async tellMessage(message: Message): Promise<void> {
    const sender = await this.cards.ofSender(this.ctx, message);
    this.gathering.add(sendMsgOf(message, sender, this.ctx.origin));
  }

  /** These clients know of no groups. What can not be found out is told: that what it does not have is gone, is no harm. */
  private isOfGroup({ conversationId }: Place): Promise<boolean> {
    return this.client.call('conversation.show', { conversationId }).then(
      ({ type }) => type === 'group',
      () => false,
    );
  }
}

/** Of somebody else, and still there. */
function isNews({ senderId, recalled, deleted }: Message, userId: number): boolean {
  return senderId !== String(userId) && !recalled && !deleted;
}

/** The messages that are gone by an entry. */
function goneBy(entry: Entry): Place[] {
  if (!('conversationId' in entry)) return [];
  const { type, conversationId, data } = entry;
  const gone = (seqs: readonly number[]) => seqs.map(seq => ({ conversationId, seq }));
  if (type === 'message.deleted' && 'seq' in data) return gone([data.seq]);
  if (type === 'message.hidden' && 'seqs' in data) return gone(data.seqs);
  return type === 'message.recalled' && 'messages' in data ? gone(data.messages.map(({ seq }) => seq)) : [];
}
