import type { Account } from './account.js';
import { Accounts } from './accounts.js';
import type { ClientApi } from './api.js';
import { ImError } from './error.js';
import type { ConversationView } from './live/conversations.js';
import type { GroupView } from './live/groups.js';
import type { MessageList, Target } from './live/messages_view.js';
import type { People } from './live/people.js';
import { until, type Live } from './live/value.js';
import type { Upload } from './media/upload.js';
import type { ConnectionState } from './net/connection.js';
import { fetchHttp } from './net/http.js';
import { Rest } from './net/rest.js';
import { Tabs, type Told } from './net/tabs.js';
import type { ClientOptions } from './options.js';
import type { Draft, OutboxItem } from './outbox/item.js';
import type { Inputs, Media, Message, Presence, Session, UnreadTotal } from './protocol.js';
import { SessionKeeper, type KeptSession } from './session/session_keeper.js';
import { defaultKeyValues } from './session/storage.js';

/**
 * A device of a user. It keeps a session, follows the stream of the user into a store, sends what is written as soon as that can be,
 * and shows all of it as values to subscribe to. What a page shows is there before the network answers.
 */
export class Client {
  /** The one who is logged in; undefined when nobody is. */
  readonly session: Live<KeptSession | undefined>;
  readonly #rest: Rest;
  readonly #sessions: SessionKeeper;
  readonly #tabs: Tabs;
  readonly #accounts: Accounts;

  constructor(private readonly options: ClientOptions) {
    const { slot = 'egg-im', storage = defaultKeyValues(), http = fetchHttp, lang } = options;
    const isShared = options.shared ?? (typeof indexedDB !== 'undefined' && options.storage === undefined);
    this.#rest = new Rest(options.url.replace(/\/$/, ''), http, lang);
    this.#tabs = new Tabs(slot, isShared, told => this.#heard(told));
    this.#sessions = new SessionKeeper(this.#rest, storage, slot, this.#tabs, options.session);
    this.session = this.#sessions.session;
    this.#accounts = new Accounts(options, this.#rest, this.#sessions, this.#tabs);
  }

  /**
   * Goes on with the session that is kept here, or that `options.session` gives. Resolves with whether there is one, when what is
   * stored of it can be shown.
   */
  async start(): Promise<boolean> {
    if (!(await this.#sessions.load())) await this.#sessions.provide();
    await this.#accounts.open();
    return this.#accounts.current.value !== undefined;
  }

  /** Makes an account, and logs in. Rejects with why not, such as `ACCOUNT_TAKEN`. */
  async register(input: Inputs['auth.register']): Promise<Session> {
    return this.#entered(await this.#sessions.register({ ...this.#installation, ...input }));
  }

  /** Logs in. Rejects with why not, such as `WRONG_CREDENTIALS`. */
  async login(input: Inputs['auth.login']): Promise<Session> {
    return this.#entered(await this.#sessions.login({ ...this.#installation, ...input }));
  }

  /** Ends the session. What is stored stays for the next login of the same user. */
  async logout(): Promise<void> {
    await this.#sessions.logout();
    await this.#accounts.open();
  }

  /** Changes the password, ends the sessions of all other devices, and goes on with new tokens. */
  async changePassword(input: Inputs['auth.password']): Promise<void> {
    await this.#sessions.take(await this.api.auth.password(input));
  }

  /** Ends everything without ending the session. */
  async close(): Promise<void> {
    await this.#accounts.close();
    this.#tabs.close();
  }

  /** Every call of the protocol as a method; they need a connection, and reject with an ImError. */
  get api(): ClientApi {
    return this.#current.api;
  }

  /** Whether there is a connection, and if not, why. */
  get connection(): Live<ConnectionState> {
    return this.#current.connection.state;
  }

  /** Everything that the server had when it last said so is here. */
  get isLevel(): Live<boolean> {
    return this.#current.isLevel;
  }

  /** Resolves once that is so. */
  async level(): Promise<void> {
    await until(this.isLevel, isLevel => isLevel);
  }

  /** Connects at once, where it waits to do so: the network is said to be back. */
  wake(): void {
    this.#accounts.current.value?.connection.wake();
    this.#accounts.current.value?.connection.open();
  }

  /** The conversations of the user, sorted as the server sorts them. */
  get conversations(): Live<readonly ConversationView[]> {
    return this.#current.conversations.list;
  }

  /** One conversation, also when it is not in the list. */
  conversation(id: string): Live<ConversationView | undefined> {
    return this.#current.conversations.one(id);
  }

  /** The single conversation with a user, if there is one. */
  conversationWith(userId: string): string | undefined {
    return this.#current.conversations.with(userId);
  }

  /** How many unread messages there are in all, and mentions: the red dot. */
  get unread(): Live<UnreadTotal> {
    return this.#current.conversations.unread;
  }

  /** The messages of a conversation, the latest first of all. To be closed when they are not shown any more. */
  messages(target: Target): MessageList {
    return this.#current.messages(target);
  }

  /** A group with its members. To be closed when it is not shown any more. */
  group(id: string): Live<GroupView> & { close(): void } {
    return this.#current.group(id);
  }

  /** The user, friends, requests, blocked users, and the cards of all who are known. */
  get people(): People {
    return this.#current.people;
  }

  /** Loads the card of a user who is shown, unless it is known in that version. */
  wantCard(userId: string, version?: number): void {
    const { people, cards } = this.#current;
    const known = people.cards.value.get(userId);
    if (!known || (known.version ?? 0) < (version ?? 0)) cards.want(userId, version);
  }

  /** Whether a user is online, as long as somebody looks. */
  presence(userId: string): Live<Presence | undefined> {
    return this.#current.presences.of(userId);
  }

  /** The ids of the others who are typing in a conversation. */
  typing(conversationId: string): Live<readonly string[]> {
    return this.#current.typing.in(conversationId);
  }

  /** Tells the others that the user is typing. To be called with every key. */
  setTyping(conversationId: string, typing = true): void {
    this.#current.typing.tell(conversationId, typing);
  }

  /** Sends a message. Resolves when the server has stored it, however long there is no connection; rejects when it is refused. */
  send(draft: Draft): Promise<Message> {
    return this.#current.outbox.send(draft);
  }

  /** The same for a page that shows what is on its way: resolves when it is stored here. */
  post(draft: Draft): Promise<OutboxItem> {
    return this.#current.outbox.add(draft);
  }

  /** Sends a message again that was refused. */
  retry(clientMsgId: string): Promise<void> {
    return this.#current.outbox.retry(clientMsgId);
  }

  /** Takes a message back that is not sent yet, and ends its upload. */
  discard(clientMsgId: string): Promise<void> {
    return this.#current.outbox.discard(clientMsgId);
  }

  /** How much of what is attached to messages is uploaded, from 0 to 1, by their `clientMsgId`. */
  get uploads(): Live<Readonly<Record<string, number>>> {
    return this.#current.uploads.progress;
  }

  /** Uploads a file that belongs to no message, such as a picture of the user. */
  upload(upload: Upload): Promise<Media> {
    return this.#current.uploads.run(upload);
  }

  /** Everything up to a place is read: shown at once, and told to the server as soon as that can be. */
  read(conversationId: string, seq: number): Promise<void> {
    return this.#current.intents.read(conversationId, seq);
  }

  /** Keeps what the user has begun to write, here and on the user's other devices. */
  draft(conversationId: string, text: string): Promise<void> {
    return this.#current.intents.draft(conversationId, text);
  }

  /** Finds out which messages of a conversation are pinned. */
  loadPins(conversationId: string): Promise<void> {
    return this.#current.loadPins(conversationId);
  }

  /** Where a path is that the server has given, such as that of a picture. */
  urlOf(path: string): string {
    return path.startsWith('/') ? this.#rest.origin + path : path;
  }

  get #installation() {
    const { app, platform } = this.options;
    return { ...(app && { app }), ...(platform && { platform }) };
  }

  get #current(): Account {
    const account = this.#accounts.current.value;
    if (!account) throw new ImError('LOGGED_OUT');
    return account;
  }

  async #entered(session: Session): Promise<Session> {
    await this.#accounts.open();
    return session;
  }

  #heard(told: Told): void {
    if (told.kind === 'changes') void this.#accounts.current.value?.core.views.changed(told.changes);
    else void this.#sessions.load();
  }
}
