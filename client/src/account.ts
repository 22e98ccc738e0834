import { apiOf, type ClientApi } from './api.js';
import { putPins } from './apply/messages.js';
import { Core } from './core.js';
import { Intents } from './intents.js';
import { CardLoader } from './live/cards.js';
import { Conversations } from './live/conversations.js';
import { GroupWatch, loadGroup, type GroupView } from './live/groups.js';
import { History } from './live/history.js';
import { MessagePages } from './live/message_pages.js';
import type { MessageList, Target } from './live/messages_view.js';
import { PeopleView } from './live/people.js';
import { Presences } from './live/presence.js';
import { Typing } from './live/typing.js';
import { Value, type Live } from './live/value.js';
import { Uploads } from './media/uploads.js';
import type { UploadServer } from './media/upload.js';
import { bounded } from './net/bounded.js';
import { Connection } from './net/connection.js';
import type { Rest } from './net/rest.js';
import type { Tabs } from './net/tabs.js';
import { Outbox } from './outbox/outbox.js';
import type { Limits } from './protocol.js';
import type { KeptSession, SessionKeeper } from './session/session_keeper.js';
import type { Store } from './store/store.js';
import type { Place } from './store/tables.js';
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
  readonly people = new PeopleView();
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
  /** What `isLevel` says as soon as all of it is shown. */
  #isStored = false;
  #limits: Promise<Limits> | undefined;

  constructor(private readonly parts: AccountParts) {
    const { options, session, store, tabs, server } = parts;
    const { log } = options;
    this.core = new Core(store, session.userId, tabs, log);
    this.connection = new Connection({
      url: parts.rest.origin,
      dial: options.io,
      socket: options.socket,
      credentials: () => this.#credentials(),
      refused: (error, { token }) => parts.sessions.outlives(error, String(token)),
      log,
    });
    this.api = apiOf(
      bounded(
        (event, input) => this.connection.request(event, input),
        () => this.#packetMaxBytes(),
      ),
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
    this.intents = new Intents({ ...shared, write: this.core.writeShown.bind(this.core) });
    this.uploads = new Uploads(options.uploader, server);
    this.#history = new History(shared);
    this.#refresher = new Refresher({
      ...shared,
      stale: () => this.conversations.stale(),
      settled: () => this.core.views.settled(),
    });
    this.outbox = new Outbox({
      ...shared,
      alone: (lane, work) => tabs.alone(`${session.userId}:outbox:${lane}`, work),
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
    const list: MessagePages = new MessagePages(target, this.#history, () => {
      stop();
      this.core.views.remove(list);
    });
    const stop = this.isLevel.subscribe(isLevel => isLevel && list.value.error && void list.reload());
    void this.core.views.add(list).then(() => list.latest());
    return list;
  }

  group(id: string): Live<GroupView> & { close(): void } {
    let isLoading = false;
    const load = async () => {
      // Before everything is loaded anew, nothing is kept that would go with it.
      if (isLoading || !this.isLevel.value) return;
      isLoading = true;
      await loadGroup(id, this.api, this.core).catch((error: unknown) => this.parts.options.log('group', error));
      isLoading = false;
    };
    const watch = new GroupWatch(id, { load: () => void load(), wantCard: userId => this.cards.want(userId) });
    void this.core.views.add(watch);
    const stop = this.isLevel.subscribe(isLevel => isLevel && void load());
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
    const { core, api } = this;
    for (let isPut = false; !isPut;) {
      if (await core.read(t => t.get('pinLists', [conversationId]))) return;
      const asked = await core.place();
      const pins = await api.message.pins({ conversationId });
      const seqs = pins.map(each => each.seq);
      isPut = await core.change(scene => putPins(scene, conversationId, seqs, asked));
    }
  }

  #follow(): Stream {
    return new Stream({
      place: () => this.core.read(t => t.get('place', ['place'])),
      apply: (entries, epoch) => this.core.apply(entries, epoch),
      reload: place => this.parts.tabs.alone(`${this.parts.session.userId}:reload`, () => this.#reload(place)),
      pull: after => this.api.sync.pull({ after, limit: 500 }),
      ack: async syncSeq => (await this.api.sync.ack({ syncSeq })).resync ?? false,
      isOnline: () => this.isOnline,
      level: isLevel => this.#told(isLevel),
      log: this.parts.options.log,
    });
  }

  /** What is stored is told of once it is shown: else a page would take what it does not see yet for gone. */
  #told(isLevel: boolean): void {
    this.#isStored = isLevel;
    if (!isLevel) return this.isLevel.set(false);
    void this.core.views.settled().then(() => this.isLevel.set(this.#isStored));
  }

  async #credentials(): Promise<Record<string, unknown>> {
    const after = await this.#stream.begin();
    const { accessToken: token, deviceId } = this.parts.sessions.session.value ?? this.parts.session;
    const { platform, lang } = this.parts.options;
    return { token, deviceId, platform, lang, ...(after !== undefined && { after }) };
  }

  async #reload(place: Place): Promise<void> {
    const isThere = ({ epoch, last }: Place) => epoch === place.epoch && last >= place.last;
    const held = await this.core.read(t => t.get('place', ['place']));
    // Another tab has just done it.
    if (held && isThere(held)) return;
    const all = await snapshot(this.api);
    await this.core.replace(scene => putSnapshot(scene, all, place));
    this.outbox.run();
  }

  #packetMaxBytes(): Promise<number> {
    this.#limits ??= this.parts.rest.call('limits.show', {});
    this.#limits.catch(() => (this.#limits = undefined));
    return this.#limits.then(({ packetMaxBytes }) => packetMaxBytes);
  }

  #online(): void {
    this.presences.online();
    this.outbox.online();
    this.intents.run();
    this.cards.run();
    this.#refresher.run();
  }

  #offline(): void {
    this.#told(false);
    this.presences.offline();
  }
}
