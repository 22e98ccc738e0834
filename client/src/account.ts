import { apiOf, type ClientApi } from './api.js';
import { Core } from './core.js';
import { ImError } from './error.js';
import { Intents } from './intents.js';
import { CardLoader } from './live/cards.js';
import { Conversations } from './live/conversations.js';
import { GroupWatch, loadGroup, type GroupView } from './live/groups.js';
import { History } from './live/history.js';
import { MessageList, type Target } from './live/message_list.js';
import { People } from './live/people.js';
import { Presences } from './live/presence.js';
import { Typing } from './live/typing.js';
import { Value, type Live } from './live/value.js';
import { Uploads } from './media/uploads.js';
import type { UploadServer } from './media/upload.js';
import { Connection, type ConnectionState } from './net/connection.js';
import type { Rest } from './net/rest.js';
import type { Tabs } from './net/tabs.js';
import { Outbox } from './outbox/outbox.js';
import type { KeptSession, SessionKeeper } from './session/session_keeper.js';
import type { Store } from './store/store.js';
import { putSnapshot, snapshot } from './stream/load.js';
import { Refresher } from './stream/refresher.js';
import { Stream } from './stream/stream.js';
import type { ClientOptions } from './options.js';

export interface AccountParts {
  readonly options: ClientOptions & Required<Pick<ClientOptions, 'io' | 'uploader' | 'log'>>;
  readonly rest: Rest;
  readonly sessions: SessionKeeper;
  readonly session: KeptSession;
  readonly server: UploadServer;
  readonly store: Store;
  readonly tabs: Tabs;
}

/** Everything of the user who is logged in, from the opening of their store to its closing. */
export class Account {
  readonly api: ClientApi;
  readonly core: Core;
  readonly people = new People();
  readonly conversations = new Conversations(this.people);
  readonly presences: Presences;
  readonly typing: Typing;
  readonly outbox: Outbox;
  readonly uploads: Uploads;
  readonly intents: Intents;
  readonly cards: CardLoader;
  readonly connection: Connection;
  /** Everything that the server had when it last said so is stored here. */
  readonly isLevel = new Value(false);
  readonly #history: History;
  readonly #refresher: Refresher;
  readonly #stream: Stream;
  readonly #ends: (() => void)[] = [];

  constructor(private readonly parts: AccountParts) {
    const { options, session, store, tabs, server } = parts;
    const { log } = options;
    this.core = new Core(store, session.userId, tabs, log);
    this.connection = new Connection({
      url: parts.rest.origin,
      dial: options.io,
      socket: options.socket,
      credentials: () => this.#credentials(),
      refused: error => this.#refused(error),
      log,
    });
    this.api = apiOf(
      (event, input) => this.connection.request(event, input),
      name => parts.rest.call(name, {}),
    );
    const shared = {
      api: this.api,
      read: this.core.read.bind(this.core),
      write: this.core.write.bind(this.core),
      change: this.core.change.bind(this.core),
      isOnline: () => this.isOnline,
      log,
    };
    this.presences = new Presences(this.api, log);
    this.typing = new Typing(this.api);
    this.cards = new CardLoader(shared);
    this.intents = new Intents(shared);
    this.uploads = new Uploads(options.uploader, server);
    this.#history = new History(shared);
    this.#refresher = new Refresher(shared);
    this.outbox = new Outbox({
      ...shared,
      name: `${session.userId}:outbox`,
      send: input => this.api.message.send(input),
      discarded: item => this.uploads.discard(item),
      upload: ({ clientMsgId }, { source, name, uploadUrl }, keep) =>
        this.uploads.runFor(clientMsgId, { source, name, uploadUrl, keep }),
    });
    this.#stream = this.#follow();
  }

  get isOnline(): boolean {
    return this.connection.state.value.state === 'online';
  }

  /** Shows what is stored, and connects. Resolves when it is shown. */
  async begin(): Promise<void> {
    await this.core.views.add(this.people);
    await this.core.views.add(this.conversations);
    await this.core.views.add({
      refresh: async (_t, { all, lists, conversations }) => {
        if (all ?? lists.includes('outbox')) void this.outbox.check();
        if (all ?? conversations.length > 0) this.#refresher.run();
      },
    });
    this.connection.on('sync:head', head => this.#stream.told(head));
    this.connection.on('sync:push', ({ entries }) => this.#stream.pushed(entries));
    this.connection.on('conversation:typing', typing => this.typing.changed(typing));
    this.connection.on('presence:changed', presence => this.presences.changed(presence));
    this.#ends.push(
      this.connection.state.subscribe(({ state }) => (state === 'online' ? this.#online() : this.#offline())),
    );
    this.connection.open();
  }

  /** Resolves when the store is closed. */
  async end(): Promise<void> {
    for (const end of this.#ends) end();
    this.#stream.end();
    this.connection.close();
    this.outbox.end();
    this.uploads.end();
    this.intents.end();
    this.typing.end();
    await this.core.store.close();
  }

  messages(target: Target): MessageList {
    const list: MessageList = new MessageList(target, this.#history, () => this.core.views.remove(list));
    void this.core.views.add(list).then(() => list.latest());
    return list;
  }

  group(id: string): Live<GroupView> & { close(): void } {
    const watch = new GroupWatch(id);
    const load = () => {
      if (!this.isOnline) return;
      const { read, change } = this.core;
      loadGroup(id, this.api, read.bind(this.core), change.bind(this.core)).catch((error: unknown) =>
        this.parts.options.log('group', error),
      );
    };
    void this.core.views.add(watch).then(load);
    const stop = this.isLevel.subscribe(isLevel => isLevel && load());
    return {
      get value() {
        return watch.view.value;
      },
      subscribe: listener => watch.view.subscribe(listener),
      close: () => {
        stop();
        this.core.views.remove(watch);
      },
    };
  }

  /** Which messages of a conversation are pinned; loaded once, then kept by the stream. */
  async loadPins(conversationId: string): Promise<void> {
    if (await this.core.read(t => t.get('pinLists', [conversationId]))) return;
    const messages = await this.api.message.pins({ conversationId });
    await this.core.change(async ({ t, changes }) => {
      for (const { seq } of messages) await t.put('pins', [conversationId, seq], { conversationId, seq });
      await t.put('pinLists', [conversationId], { conversationId });
      changes.messages.add(conversationId);
    });
  }

  #follow(): Stream {
    return new Stream({
      place: () => this.core.read(t => t.get('place', ['place'])),
      apply: entries => this.core.apply(entries),
      reload: async place => {
        const all = await snapshot(this.api);
        await this.core.replace(scene => putSnapshot(scene, all, place));
      },
      pull: after => this.api.sync.pull({ after, limit: 500 }),
      ack: async syncSeq => (await this.api.sync.ack({ syncSeq })).resync ?? false,
      isOnline: () => this.isOnline,
      level: isLevel => this.isLevel.set(isLevel),
      log: this.parts.options.log,
    });
  }

  async #credentials(): Promise<Record<string, unknown>> {
    const after = await this.#stream.begin();
    const { accessToken: token, deviceId } = this.parts.sessions.session.value ?? this.parts.session;
    const { platform, lang } = this.parts.options;
    return { token, deviceId, platform, lang, ...(after !== undefined && { after }) };
  }

  /** Whether to connect again. */
  async #refused(error: ImError): Promise<boolean> {
    const { sessions } = this.parts;
    const shown = sessions.session.value;
    try {
      if (error.code === 'TOKEN_EXPIRED' && shown) return (await sessions.refresh(shown.accessToken)) !== '';
      if (error.code === 'TOO_MANY_CONNECTIONS') return false;
      if (error.code !== 'SESSION_CLOSED' && error.code !== 'UNAUTHENTICATED') return true;
      // Another tab may have logged in again, or changed the password: then there are newer tokens.
      const now = await sessions.load();
      if (now && shown && now.accessToken !== shown.accessToken && now.userId === shown.userId) return true;
      if (now) await sessions.end();
      return false;
    } catch {
      return false;
    }
  }

  #online(): void {
    this.presences.online();
    this.outbox.run();
    this.intents.run();
    this.cards.run();
    this.#refresher.run();
  }

  #offline(): void {
    this.isLevel.set(false);
    this.presences.offline();
  }
}

export type { ConnectionState };
