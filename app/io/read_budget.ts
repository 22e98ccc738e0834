import type { WebSocket } from 'ws';
import type { Budget } from '../lib/queue/budget';
import type { ImSocket } from '../lib/stream/socket';

/** What a packet costs beside its length: a small one takes as much of the processor as a kilobyte. */
const PACKET = 1024;

/**
 * Reads nothing more from a connection while its user has sent more than their budget: the packets wait at the client, and the
 * processor is there for others. Nothing is refused. A client who polls has one request at a time anyway.
 */
export function meterInput(connection: ImSocket['conn'], userId: number, budget: Budget): void {
  connection.on('data', (data: string | Buffer) => {
    const ms = budget.spend(userId, PACKET + data.length);
    const { socket } = connection.transport as { readonly socket?: WebSocket };
    if (ms === 0 || !socket || socket.isPaused) return;
    socket.pause();
    setTimeout(() => socket.resume(), ms).unref();
  });
}
