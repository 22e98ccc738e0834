import type { EventEmitter } from 'node:events';
import type { WebSocket } from 'ws';
import type { Budget } from '../lib/queue/budget';

/** What a packet costs beside its length: a small one takes as much of the processor as a kilobyte. */
const PACKET = 1024;

/** What is read of a connection: on whose account, and by which socket, if there is one. */
export interface Read {
  /** A user, or while it is not known whose connection it is, an address. */
  readonly payer: () => number | string;
  readonly socket: () => WebSocket | undefined;
}

/**
 * Reads nothing more from a connection while its user has sent more than their budget: the packets wait at the client, and the
 * processor is there for others. Nothing is refused. A client who polls has one request at a time anyway.
 *
 * @param event of the connection, with what has come
 */
export function meterInput(connection: EventEmitter, event: string, { payer, socket }: Read, budget: Budget): void {
  connection.on(event, (data: string | Buffer) => {
    const ms = budget.spend(payer(), PACKET + data.length);
    const read = socket();
    if (ms === 0 || !read || read.isPaused) return;
    read.pause();
    setTimeout(() => read.resume(), ms).unref();
  });
}
