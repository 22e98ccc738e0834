import type { Application, Context } from 'egg';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { contextOf } from '../../io/handshake';
import type { BufferedSocket } from '../../io/buffer_socket';
import type { Account } from '../../lib/auth/accounts';
import { AppError, invalidInput } from '../../schema/errors';
import { checkOf, isObject } from '../../schema/validate';
import type { ConversationKind, Entry } from '../../schema/sync';
import { Account as AccountName } from '../../schema/user';
import { Follower } from '../follower';
import { failureOf, LocalClient, Refused } from '../local_client';
import { draftOf } from './draft';
import { rowOf, type Manner, type Party, type Row } from './row';

/** As many rows as a list has. */
const ROWS = 50;
const AGAIN_MS = 1000;

const MISSING = '参数不全!';
const UNKNOWN = '用户不存在!';

export interface Opened {
  readonly request: IncomingMessage;
  readonly socket: WebSocket;
  readonly buffered: BufferedSocket;
  /** Says that it is known whose connection it is. */
  readonly admit: (userId: number) => void;
}

/** A failure that these clients know by its sentence. */
class Sentence extends Error {}

/** A connection of a mini-program: a user, a friend, and the list of what they have written to each other. */
export class Chat {
  private client!: LocalClient;
  private manner!: Manner;
  private me!: Account;
  private friend!: Account;
  private conversationId?: string;
  private isReady = false;
  /** A list is on its way to the client, and already out of date. */
  private isListing = false;
  private isStale = false;

  private constructor(
    private readonly app: Application,
    private readonly ctx: Context,
    private readonly socket: BufferedSocket,
  ) {}

  /** Serves a connection until it is closed. */
  static async serve(app: Application, opened: Opened): Promise<void> {
    const { request, socket, buffered, admit } = opened;
    const chat = new Chat(app, contextOf(app, { request }), buffered);
    socket.on('message', (data: Buffer) => chat.receive(data.toString()));
    // What is said too early waits.
    socket.pause();
    try {
      await chat.begin(opened);
      admit(chat.me.id);
      chat.isReady = true;
      chat.list();
    } catch (error) {
      chat.refuse(error);
      socket.close();
    }
    socket.resume();
  }

  private async begin({ request, socket, buffered: { delivery } }: Opened): Promise<void> {
    const { friendphone, userphone, app_sid: app, token } = this.ctx.query;
    if (!friendphone || !userphone || !app) throw new Sentence(MISSING);
    this.client = await LocalClient.connect(this.app, { request, socket, delivery }, { token, lang: 'zh' });
    socket.once('close', () => this.client.close());
    this.client.onClose(() => socket.close());
    const follower = new Follower(this.client, { apply: entry => this.apply(entry), reset: () => this.list() });
    this.ctx.actor = this.client.actor;
    this.manner = { app, zone: this.app.config.im.displayZone, origin: this.ctx.origin };
    // One search for both, whatever comes of it.
    [this.me, this.friend] = await Promise.all([this.find(userphone), this.search(friendphone)]);
    if (this.me.id !== this.ctx.actor.userId) throw new AppError('UNAUTHENTICATED');
    // Before the first list is read: what comes after it is told by an entry.
    await follower.ready;
  }

  /** Counted, because it tells who has an account. Throws as `find` does, RATE_LIMITED. */
  private async search(account: string): Promise<Account> {
    await this.app.limits.take('searches', this.ctx.actor.userId);
    return this.find(account);
  }

  /** Throws the sentence for a user who is not there, or of another tenant than the token's. */
  private async find(account: string): Promise<Account> {
    const { actor } = this.ctx;
    const mayBeThere = actor.app === this.manner.app && checkOf(AccountName).Check(account);
    const found = mayBeThere && (await this.app.engine.accounts.findByName(actor.app, account.toLowerCase()));
    if (!found) throw new Sentence(UNKNOWN);
    return found;
  }

  private receive(text: string): void {
    this.take(text).catch((error: unknown) => this.refuse(error));
  }

  private async take(text: string): Promise<void> {
    const given = parse(text);
    const { before } = given;
    if (typeof before === 'number' && isFinite(before)) return this.send(await this.rows(before), { before });
    const account = isObject(given.friendInfo) ? given.friendInfo.account : undefined;
    const isOther = typeof account === 'string' && account !== this.friend.account;
    const { id } = isOther ? await this.search(account) : this.friend;
    // Its entry brings the new list, to the other devices too.
    const clientMsgId = randomUUID();
    await this.client.call('message.send', { to: { userId: String(id) }, clientMsgId, ...draftOf(given) });
  }

  /** What changes this chat makes a new list. */
  private apply(entry: Entry): void {
    const { type } = entry;
    if (!this.isReady || !type.startsWith('message.') || !('conversationId' in entry)) return;
    const kind: Partial<ConversationKind> | undefined = type === 'message.new' ? entry.conversation : undefined;
    if (kind?.userIds?.includes(String(this.friend.id)) || entry.conversationId === this.conversationId) this.list();
  }

  /** Sends the newest rows; what comes meanwhile is on the next list. */
  private list(): void {
    this.isStale = true;
    if (this.isReady && !this.isListing) void this.sendLists();
  }

  private async sendLists(): Promise<void> {
    this.isListing = true;
    while (this.isStale && this.client.isOpen) {
      this.isStale = false;
      try {
        this.send(await this.rows());
      } catch (error) {
        this.isStale = true;
        await sleep(retryMs(error));
      }
    }
    this.isListing = false;
  }

  private async findConversation(): Promise<string | undefined> {
    return (await this.ctx.service.conversation.single.find(this.ctx.actor, this.friend.id))?.toString();
  }

  private async rows(before?: number): Promise<Row[]> {
    const { ctx, me, friend, manner } = this;
    this.conversationId ??= await this.findConversation();
    if (!this.conversationId) return [];
    const range = { conversationId: this.conversationId, limit: ROWS, ...(before !== undefined && { before }) };
    const messages = await this.client.call('message.index', range);
    const cards = await ctx.service.account.directory.batch(ctx.actor, [me.id, friend.id]);
    const partyOf = ({ id, account }: Account): Party => {
      const card = cards.find(each => each.id === String(id));
      return { account, name: '', ...card, id: String(id) };
    };
    return messages.map(message => rowOf(message, [partyOf(me), partyOf(friend)], manner));
  }

  private send(data: readonly object[], more?: object): void {
    this.socket.send(JSON.stringify({ code: 1, data, ...more }));
  }

  private told(error: unknown): { readonly msg: string; readonly error?: string } {
    if (error instanceof Sentence) return { msg: error.message };
    const { message, code } = failureOf(this.app, error, 'zh-cn');
    return { msg: message, error: code };
  }

  private refuse(error: unknown): void {
    this.socket.send(JSON.stringify({ code: 0, ...this.told(error) }));
  }
}

/** Throws INVALID_INPUT for what is no object. */
function parse(text: string): Record<string, unknown> {
  const refusal = invalidInput('/', 'a JSON object is needed');
  try {
    const given: unknown = JSON.parse(text);
    if (isObject(given)) return given;
  } catch {
    throw refusal;
  }
  throw refusal;
}

function retryMs(error: unknown): number {
  return (error instanceof Refused && error.failure.retryAfterMs) || AGAIN_MS;
}
