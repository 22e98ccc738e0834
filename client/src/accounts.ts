import { io } from 'socket.io-client';
import { Account } from './account.js';
import { Value } from './live/value.js';
import { uploadInParts, type UploadServer } from './media/upload.js';
import { bearer, type Rest } from './net/rest.js';
import type { Tabs } from './net/tabs.js';
import type { ClientOptions } from './options.js';
import type { KeptSession, SessionKeeper } from './session/session_keeper.js';
import { openIndexedDb } from './store/indexed_db.js';
import { openMemoryStore } from './store/memory.js';

/** Opens the account of the user who is logged in, and closes it: one at a time, whichever way sessions come and go. */
export class Accounts {
  /** The one that is open. */
  readonly current = new Value<Account | undefined>(undefined);
  #isOpen = false;
  #work: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: ClientOptions,
    private readonly rest: Rest,
    private readonly sessions: SessionKeeper,
    private readonly tabs: Tabs,
  ) {
    sessions.session.subscribe(() => {
      if (this.#isOpen) this.#follow().catch((error: unknown) => options.log?.('session', error));
    });
  }

  /** From now on it is that of the session. Resolves when what is stored of it can be shown. */
  open(): Promise<void> {
    this.#isOpen = true;
    return this.#follow();
  }

  /** Ends with what is open. */
  async close(): Promise<void> {
    this.#isOpen = false;
    await this.#enqueue(() => this.#leave());
  }

  #follow(): Promise<void> {
    return this.#enqueue(async () => {
      const session = this.sessions.session.value;
      const { value: account } = this.current;
      if (!this.#isOpen) return;
      // With newer tokens one goes on that had none any more.
      if (session && session.userId === account?.core.userId) return account.connection.open();
      await this.#leave();
      if (session) this.current.set(await this.#opened(session));
    });
  }

  async #opened(session: KeptSession): Promise<Account> {
    const { options, rest, sessions, tabs } = this;
    const open = options.store ?? (typeof indexedDB === 'undefined' ? openMemoryStore : openIndexedDb);
    const account = new Account({
      options: { io, uploader: uploadInParts, log: () => undefined, ...options },
      rest,
      sessions,
      session,
      server: this.#server,
      store: await open(`${options.slot ?? 'egg-im'}:${rest.origin}:${session.userId}`),
      tabs,
    });
    await account.begin();
    return account;
  }

  async #leave(): Promise<void> {
    const account = this.current.value;
    this.current.set(undefined);
    await account?.end();
  }

  #enqueue(step: () => Promise<void>): Promise<void> {
    const done = this.#work.then(step);
    this.#work = done.catch(() => undefined);
    return done;
  }

  get #server(): UploadServer {
    const token = async (stale?: string) =>
      stale === undefined ? (this.sessions.session.value?.accessToken ?? '') : this.sessions.refresh(stale);
    return {
      origin: this.rest.origin,
      token,
      send: async request => {
        const send = (shown: string) =>
          this.rest.send({ ...request, headers: { ...request.headers, ...bearer(shown) } });
        const shown = await token();
        const answer = await send(shown);
        // Why it is refused, an answer without a body does not say; a session that has ended gets no new token.
        return answer.status === 401 ? send(await token(shown)) : answer;
      },
    };
  }
}
