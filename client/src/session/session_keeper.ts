import { asImError, ImError, reasonOfEnd } from '../error.js';
import { Value, type Live } from '../live/value.js';
import type { Rest } from '../net/rest.js';
import type { Tabs } from '../net/tabs.js';
import type { Inputs, Session } from '../protocol.js';
import { sleep } from '../time.js';
import type { KeyValues } from './storage.js';

/** What is kept of a login. */
export interface KeptSession {
  readonly userId: string;
  readonly deviceId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Within this the answer that has newer tokens is there, too. */
const ANSWERED_MS = 1000;
const AGAIN_MS = 1000;
const AGAIN_MAX_MS = 30_000;

/**
 * The session of this client: kept over restarts, shared by all tabs of its slot, which are told of every change, and renewed
 * by one of them at a time.
 */
export class SessionKeeper {
  readonly #session = new Value<KeptSession | undefined>(undefined);
  #refreshing: Promise<string> | undefined;

  constructor(
    private readonly rest: Rest,
    private readonly storage: KeyValues,
    /** Which session this is, where several are kept side by side. */
    private readonly slot: string,
    private readonly tabs: Tabs,
    /** Gives sessions in place of logging in and refreshing, where users log in elsewhere. */
    private readonly provider?: () => Promise<Session>,
  ) {}

  get session(): Live<KeptSession | undefined> {
    return this.#session;
  }

  /** Takes what is stored: at the start, and when another tab has changed it. */
  async load(): Promise<KeptSession | undefined> {
    const text = await this.storage.get(`${this.slot}:session`);
    // The same object as long as it is the same session, for those who watch it.
    if (!text) this.#session.set(undefined);
    else if (text !== JSON.stringify(this.#session.value)) this.#session.set(JSON.parse(text) as KeptSession);
    return this.#session.value;
  }

  /** Asks the provider, if there is one, for a session. */
  async provide(): Promise<void> {
    if (this.provider) await this.#keep(await this.provider());
  }

  async register(input: Inputs['auth.register']): Promise<Session> {
    return this.#keep(await this.rest.call('auth.register', { ...input, ...(await this.#device(input)) }));
  }

  async login(input: Inputs['auth.login']): Promise<Session> {
    return this.#keep(await this.rest.call('auth.login', { ...input, ...(await this.#device(input)) }));
  }

  /** Ends the session here and, when the server can be reached, there. */
  async logout(): Promise<void> {
    const token = this.#session.value?.accessToken;
    await this.end();
    // A session that can not be ended at the moment ends with its tokens.
    if (token) await this.rest.call('auth.logout', {}, token).catch(() => undefined);
  }

  /** Forgets the session. The id of the device stays: the next login is on the same one. */
  async end(): Promise<void> {
    await this.storage.remove(`${this.slot}:session`);
    this.#session.set(undefined);
    this.tabs.tell({ kind: 'session' });
  }

  /** Whether to connect again, where the server has refused or ended a connection with this token. */
  async outlives(error: ImError, token: string): Promise<boolean> {
    try {
      if (error.code === 'TOKEN_EXPIRED') return (await this.refresh(token)) !== '';
      // There are no newer tokens for that.
      if (reasonOfEnd(error) === 'deleted') return await this.#over();
      if (error.code === 'SESSION_CLOSED' || error.code === 'UNAUTHENTICATED') return await this.#hasOutlived(token);
      return error.code !== 'TOO_MANY_CONNECTIONS';
    } catch {
      return false;
    }
  }

  /**
   * The server has ended the session of this token. Resolves with whether there are newer ones, as when the password was changed here or
   * in another tab; otherwise the session is forgotten.
   */
  async #hasOutlived(token: string): Promise<boolean> {
    const isNewer = async () => ((await this.load())?.accessToken ?? token) !== token;
    if (await isNewer()) return true;
    // They may be on their way.
    await sleep(ANSWERED_MS);
    if (await isNewer()) return true;
    return this.#over();
  }

  async #over(): Promise<false> {
    if (this.#session.value) await this.end();
    return false;
  }

  /**
   * A newer access token than `stale`. However many ask for one, and in however many tabs, it is asked for once. Waits for the network
   * as long as it takes; rejects when the session has ended.
   */
  refresh(stale: string): Promise<string> {
    this.#refreshing ??= this.tabs
      .alone('refresh', () => this.#renewed(stale))
      .finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  /** Tokens that a call has answered, such as that which changes the password. */
  async take(session: Session): Promise<void> {
    await this.#keep(session);
  }

  async #renewed(stale: string): Promise<string> {
    for (let wait = AGAIN_MS; ; wait = Math.min(wait * 2, AGAIN_MAX_MS)) {
      // Another tab may have done it meanwhile.
      const kept = await this.load();
      if (!kept) throw new ImError('LOGGED_OUT');
      if (kept.accessToken !== stale) return kept.accessToken;
      const { refreshToken, deviceId } = kept;
      try {
        const session = this.provider
          ? await this.provider()
          : await this.rest.call('auth.refresh', { refreshToken, deviceId });
        return (await this.#keep(session)).accessToken;
      } catch (thrown) {
        const error = asImError(thrown);
        if (!error.retryable) {
          await this.end();
          throw error;
        }
        await sleep(error.retryAfterMs ?? wait);
      }
    }
  }

  /** Stored before it is used: the token that it was got with is good for nothing from then on. */
  async #keep(session: Session): Promise<Session> {
    const { user, deviceId, accessToken, refreshToken } = session;
    const kept: KeptSession = { userId: user.id, deviceId, accessToken, refreshToken };
    await this.storage.set(`${this.slot}:session`, JSON.stringify(kept));
    await this.storage.set(`${this.slot}:device`, deviceId);
    this.#session.set(kept);
    this.tabs.tell({ kind: 'session' });
    return session;
  }

  /** The id that the server has given this installation, if the caller names none. */
  async #device({ deviceId }: { deviceId?: string }): Promise<{ deviceId?: string }> {
    const known = deviceId ?? (await this.storage.get(`${this.slot}:device`));
    return known ? { deviceId: known } : {};
  }
}
