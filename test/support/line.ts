import { MemoryStore, type Dial, type KeptSession, type KeyValues } from 'egg-im-client';
import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { Tokens } from '../../app/lib/auth/tokens';
import { app } from './service';

interface Answer {
  readonly ok: boolean;
  readonly error?: { readonly code: string };
}

/** The way of a client to the server, which a test cuts and listens to. */
export class Line {
  private isDown = false;
  private silenced: readonly string[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly sent: string[] = [];
  private lost?: string;
  private readonly watchers = new Set<(event: string, answer: Answer) => void>();

  /** To be given to a client as its `io`. */
  readonly dial: Dial = (url, options) => {
    // Nobody listens there.
    const socket = io(this.isDown ? 'http://127.0.0.1:1/im' : url, options);
    this.sockets.add(socket);
    return {
      on: (event: string, listener: (...args: never[]) => void) =>
        socket.on(event, (...args: unknown[]) => this.silenced.includes(event) || listener(...(args as never[]))),
      emit: (event: string, ...args: unknown[]) => this.emit(socket, event, args),
      disconnect: () => {
        this.sockets.delete(socket);
        return socket.disconnect();
      },
    };
  };

  /** There is no connection until `up`. */
  down(): void {
    this.isDown = true;
    this.cut();
  }

  up(): void {
    this.isDown = false;
  }

  cut(): void {
    for (const socket of [...this.sockets]) socket.io.engine.close();
  }

  /** These events of the server do not arrive any more; without any all do. */
  deaf(...events: string[]): void {
    this.silenced = events;
  }

  /** The next of that name is done, and the connection lost before the answer. */
  loseAnswerTo(event: string): void {
    this.lost = event;
  }

  /** How often a call was made. */
  counts(event: string): number {
    return this.sent.filter(each => each === event).length;
  }

  /** Resolves when a call is refused with that code. */
  refused(event: string, code: string): Promise<void> {
    return new Promise(resolve =>
      this.watchers.add((name, answer) => {
        if (name === event && answer.error?.code === code) resolve();
      }),
    );
  }

  private emit(socket: Socket, event: string, args: unknown[]): void {
    this.sent.push(event);
    const give = args.at(-1) as (answer: Answer) => void;
    const isLost = this.lost === event;
    if (isLost) this.lost = undefined;
    socket.emit(event, ...args.slice(0, -1), (answer: Answer) => {
      if (isLost) return void socket.io.engine.close();
      give(answer);
      for (const watch of this.watchers) watch(event, answer);
    });
  }
}

/** What an installation keeps, for one tab after the other or for several at once. */
export class PhoneMemory {
  private readonly store = new MemoryStore();
  private readonly values = new Map<string, string>();
  readonly storage: KeyValues = {
    get: key => this.values.get(key),
    set: (key, value) => void this.values.set(key, value),
    remove: key => void this.values.delete(key),
  };
  readonly options = {
    slot: randomUUID(),
    shared: true,
    storage: this.storage,
    store: () => Promise.resolve(this.store),
  };

  /** The access token of what is kept has expired. */
  expire(): void {
    const key = `${this.options.slot}:session`;
    const session = JSON.parse(this.values.get(key)!) as KeptSession;
    const expired = new Tokens({ secret: app.config.im.jwtSecret, accessTtl: -1, refreshTtl: 1 });
    const { accessToken } = expired.issue(app.tokens.verify('refresh', session.refreshToken), 'x');
    this.values.set(key, JSON.stringify({ ...session, accessToken }));
  }
}
