import type { WebSocket } from 'ws';
import type { Delivery } from '../lib/queue/pages';
import { Held, type HeldBounds } from './held';

/** A plain WebSocket that holds no more than a connection may. */
export interface BufferedSocket {
  send(text: string): void;
  readonly delivery: Delivery;
}

/** As `bufferWrites` does it for the connections of Socket.IO, but without waiting for the end of the turn. */
export function bufferSocket(socket: WebSocket, bounds: HeldBounds): BufferedSocket {
  const held = new Held();
  const cut = () => socket.terminate();
  socket.once('close', () => held.send(held.given));
  const send = (text: string) => {
    if (socket.readyState !== socket.OPEN) return;
    if (held.isTooMuch(bounds)) return cut();
    held.give(text.length);
    const until = held.given;
    socket.send(text, () => held.send(until));
  };
  return { send, delivery: { sent: () => held.sent(), cut } };
}
