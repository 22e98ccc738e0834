import type { Dial } from 'egg-im-client';
import { io, type Socket } from 'socket.io-client';
import type { Dice } from './crowd';

type Listener = (...args: never[]) => void;

/** What the stream comes by, which may get lost, be late, overtake or come twice; everything else comes as it is sent. */
const STREAM = new Set(['sync:push', 'sync:head']);
const LATE_MS = 60;

/**
 * A network between a client and the server: it loses, delays, doubles and reorders pushes, loses answers together with their
 * connections, and breaks these by itself, until it is told to be good.
 */
export class BadNetwork {
  isGood = false;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly dice: Dice) {}

  /** To be given to a client as its `io`. */
  readonly dial: Dial = (url, options) => {
    const socket = io(url, { ...options, transports: ['websocket'] });
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
    if (this.isGood || this.dice.chance(0.9)) return void socket.emit(event, ...args);
    // Either what is asked is lost or, after it was done, the answer.
    if (this.dice.chance(0.5)) socket.emit(event, ...args.slice(0, -1), () => cut(socket));
    else cut(socket);
  }
}

/** As when the way to the server is gone: neither side has said that it leaves. */
function cut(socket: Socket): void {
  // One that is only being made would not notice before its patience is over.
  if (socket.connected) socket.io.engine.close();
}
