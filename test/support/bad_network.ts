import { fetchHttp, type Dial, type Http } from 'egg-im-client';
import { io, type Socket } from 'socket.io-client';
import type { Dice } from './crowd';
import type { Tally } from './tally';

type Listener = (...args: never[]) => void;

interface Answer {
  readonly data?: { readonly resync?: boolean };
}

/** What the stream comes by, which may get lost, be late, overtake or come twice; everything else comes as it is sent. */
const STREAM = new Set(['sync:push', 'sync:head']);
const LATE_MS = 60;
/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:1/im';

/**
 * A network between a client and the server: it loses, delays, doubles and reorders pushes, loses answers together with their
 * connections, and breaks these by itself, until it is told to be good. Of requests those for newer tokens suffer.
 */
export class BadNetwork {
  isGood = false;
  private isDown = false;
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly dice: Dice,
    private readonly tally: Tally,
  ) {}

  /** To be given to a client as its `io`. */
  readonly dial: Dial = (url, options) => {
    const socket = io(this.isDown ? NOWHERE : url, { ...options, transports: ['websocket'] });
    this.sockets.add(socket);
    return {
      on: (event: string, listener: Listener) =>
        socket.on(event, (...args: unknown[]) => this.bring(event, () => listener(...(args as never[])))),
      emit: (event: string, ...args: unknown[]) => this.send(socket, event, args),
      disconnect: () => {
        this.sockets.delete(socket);
        return socket.disconnect();
      },
    };
  };

  /** To be given to a client as its `http`. */
  readonly http: Http = async request => {
    const isLost = !this.isGood && request.url.endsWith('/auth/refresh') && this.dice.chance(0.5);
    if (isLost) this.tally.add('refresh lost');
    const isDone = !this.isDown && (!isLost || this.dice.chance(0.5));
    const answer = isDone ? await fetchHttp(request) : undefined;
    if (isLost || !answer) throw new Error('lost');
    return answer;
  };

  /** There is none until `up`. */
  down(): void {
    this.isDown = true;
    this.breakAll();
  }

  up(): void {
    this.isDown = false;
  }

  /** Every connection breaks. */
  breakAll(): void {
    for (const socket of [...this.sockets]) cut(socket);
  }

  private bring(event: string, deliver: () => void): void {
    if (this.isGood || !STREAM.has(event) || this.dice.chance(0.5)) return deliver();
    if (this.dice.chance(0.25)) return;
    for (let times = this.dice.chance(0.3) ? 2 : 1; times > 0; times--) {
      setTimeout(deliver, this.dice.below(LATE_MS));
    }
  }

  private send(socket: Socket, event: string, args: unknown[]): void {
    const give = args.at(-1) as (answer: Answer) => void;
    const ask = (take: (answer: Answer) => void) => socket.emit(event, ...args.slice(0, -1), take);
    if (this.isGood || this.dice.chance(0.9)) {
      ask(answer => {
        if (event === 'sync:pull' && answer.data?.resync) this.tally.add('loaded anew');
        give(answer);
      });
      return;
    }
    // Either what is asked is lost or, after it was done, the answer.
    if (this.dice.chance(0.5)) ask(() => cut(socket));
    else cut(socket);
  }
}

/** As when the way to the server is gone: neither side has said that it leaves. */
function cut(socket: Socket): void {
  // One that is only being made would not notice before its patience is over.
  if (socket.connected) socket.io.engine.close();
}
