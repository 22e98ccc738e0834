import { ImError, noAnswer } from '../error.js';
import { Value, type Live } from '../live/value.js';
import type { Failure, ServerEvents } from '../protocol.js';
import { jittered, Pause } from '../time.js';

/** What the clients of Socket.IO 2.x, 3.x and 4.x have in common. */
export interface Socket {
  /** Calls `listener` with each event of that name. */
  on(event: string, listener: (...args: never[]) => void): unknown;
  /** Sends an event; a last argument that is a function is called with its answer. */
  emit(event: string, ...args: unknown[]): unknown;
  /** Ends it for good. */
  disconnect(): unknown;
}

/** `io` of socket.io-client, of any of these versions. */
export interface Dial {
  /** Connects at once. */
  (url: string, options: object): Socket;
  /** Of Socket.IO's packets: 4 in its clients of 2.x. */
  readonly protocol?: number;
}

/** What became of the connection. */
export interface ConnectionState {
  /** `offline`: between two tries, or when none is made; `online`: calls are answered. */
  readonly state: 'offline' | 'connecting' | 'online';
  /** Why the last one was refused or ended for good. */
  readonly error?: ImError;
}

export interface ConnectionOptions {
  readonly url: string;
  readonly dial: Dial;
  /** More options for `dial`. */
  readonly socket?: object;
  /** What is shown at each handshake. */
  credentials(): Promise<Record<string, unknown>>;
  /** Called with what the server refuses a connection with, or ends it with, and what was shown to it. Whether to try again. */
  refused(error: ImError, credentials: Record<string, unknown>): Promise<boolean>;
  log(event: string, about: unknown): void;
}

const HANDSHAKE_MS = 15_000;
/** Within this the server itself closes a connection of which it has told that it ends. */
const CLOSED_MS = 1000;
const ANSWER_MS = 10_000;
const AGAIN_MS = 1000;
const AGAIN_MAX_MS = 30_000;

/** From `open` to `close`. */
interface Life {
  socket?: Socket;
  /** Ends the connection that there is. */
  end?: () => void;
}

type Ack =
  | { readonly ok: true; readonly data: unknown; readonly nextCursor?: string }
  | { readonly ok: false; readonly error: Failure };

/**
 * A connection that is made again until it is closed. It makes each by itself, with the newest credentials, because the versions of
 * Socket.IO differ in when and how they come back after a refusal.
 */
export class Connection {
  readonly #state = new Value<ConnectionState>({ state: 'offline' });
  readonly #listeners = new Map<string, (payload: never) => void>();
  readonly #pause = new Pause();
  readonly #unanswered = new Set<(error: ImError) => void>();
  #life: Life | undefined;

  constructor(private readonly options: ConnectionOptions) {}

  get state(): Live<ConnectionState> {
    return this.#state;
  }

  on<E extends keyof ServerEvents>(event: E, listener: (payload: ServerEvents[E]) => void): void {
    this.#listeners.set(event, listener);
  }

  open(): void {
    if (this.#life) return;
    this.#life = {};
    void this.#live(this.#life);
  }

  close(): void {
    const life = this.#life;
    this.#life = undefined;
    life?.end?.();
    this.#pause.wake();
    this.#state.set({ state: 'offline' });
  }

  /** Tries at once, where it waits to do so: the network is said to be back. */
  wake(): void {
    this.#pause.wake();
  }

  /** Sends an event, and resolves with its answer. Rejects with the failure, or with NO_ANSWER. */
  request(event: string, payload: unknown): Promise<{ data: unknown; nextCursor?: string }> {
    const socket = this.#life?.socket;
    if (!socket || this.#state.value.state !== 'online') return Promise.reject(noAnswer());
    return new Promise((resolve, reject) => {
      const fail = (error: ImError) => {
        clearTimeout(timer);
        this.#unanswered.delete(fail);
        reject(error);
      };
      const timer = setTimeout(() => fail(noAnswer()), ANSWER_MS);
      this.#unanswered.add(fail);
      socket.emit(event, payload, (answer: Ack) => {
        if (!answer.ok) return fail(ImError.of(answer.error));
        clearTimeout(timer);
        this.#unanswered.delete(fail);
        resolve(answer);
      });
    });
  }

  async #live(life: Life): Promise<void> {
    const isOver = () => this.#life !== life;
    for (let failures = 0; !isOver(); failures++) {
      this.#state.set({ ...this.#state.value, state: 'connecting' });
      const credentials = await this.options.credentials();
      if (isOver()) return;
      const { wasOnline, error } = await this.#connected(life, credentials);
      this.options.log('disconnected', error);
      if (isOver()) return;
      if (wasOnline) failures = 0;
      if (error && !(await this.options.refused(error, credentials))) {
        if (!isOver()) this.#life = undefined;
        return;
      }
      if (error?.code === 'TOKEN_EXPIRED') continue;
      const wait = Math.min(AGAIN_MS * 2 ** failures, AGAIN_MAX_MS);
      await this.#pause.sleep(error?.retryAfterMs ?? jittered(wait));
    }
  }

  /** One connection, from its making to its end. */
  async #connected(life: Life, credentials: Record<string, unknown>): Promise<{ wasOnline: boolean; error?: ImError }> {
    const socket = this.#dial(credentials);
    life.socket = socket;
    let wasOnline = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const error = await new Promise<ImError | undefined>(resolve => {
      let told: ImError | undefined;
      const end = (refusal?: ImError) => resolve(refusal ?? told);
      // Answers that are under way come before the server closes it.
      const endSoon = (why: ImError) => {
        told = why;
        timer = setTimeout(end, CLOSED_MS);
      };
      timer = setTimeout(end, HANDSHAKE_MS);
      life.end = end;
      socket.on('connect', () => {
        clearTimeout(timer);
        wasOnline = true;
        if (this.#life === life) this.#state.set({ state: 'online' });
      });
      socket.on('connect_error', (refusal: { data?: Failure }) => end(refusalOf(refusal.data)));
      socket.on('error', (refusal: Partial<Failure>) => end(refusalOf(refusal)));
      socket.on('connection:closed', (closed: ServerEvents['connection:closed']) => endSoon(ImError.of(closed.error)));
      socket.on('session:closed', ({ reason }: ServerEvents['session:closed']) =>
        endSoon(new ImError('SESSION_CLOSED', reason, false, undefined, { reason })),
      );
      socket.on('disconnect', () => end());
      for (const [event, listener] of this.#listeners) socket.on(event, listener);
    });
    clearTimeout(timer);
    socket.disconnect();
    life.socket = undefined;
    if (this.#life === life) this.#state.set({ state: 'offline', error });
    for (const fail of [...this.#unanswered]) fail(noAnswer());
    return { wasOnline, error };
  }

  #dial(credentials: Record<string, unknown>): Socket {
    const { url, dial, socket: more } = this.options;
    return dial(`${url}/im`, {
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      ...more,
      // Clients of 2.x know no `auth`; those of others would put a query into logs for nothing.
      ...(dial.protocol === 4 ? { query: stringsOf(credentials) } : { auth: credentials }),
      forceNew: true,
      reconnection: false,
    });
  }
}

/** What the server has refused a connection with, if it is the server that has. */
function refusalOf(refusal: Partial<Failure> | undefined): ImError | undefined {
  return refusal?.code && refusal.retryable !== undefined ? ImError.of(refusal as Failure) : undefined;
}

function stringsOf(credentials: Record<string, unknown>): Record<string, string> {
  const given = Object.entries(credentials).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}
