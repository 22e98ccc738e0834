import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { newSecretId } from '../lib/database/ids';
import type { Delivery } from '../lib/queue/pages';

/** The connection of a client that does not speak Socket.IO's protocol, or not in our namespace. */
export interface Outside {
  /** That opened it: says where the client is, and in what language it is told of failures. */
  readonly request: IncomingMessage;
  /** Is paused while its user has sent too much; may be another one later. */
  readonly socket?: WebSocket;
  /** What it was given and has not sent. */
  readonly delivery: Delivery;
}

class LocalTransport extends EventEmitter {
  readonly writable = true;

  constructor(private readonly outside: Outside) {
    super();
  }

  get socket(): WebSocket | undefined {
    return this.outside.socket;
  }
}

/**
 * Stands for a connection of Engine.IO, within this process: whoever speaks an older protocol comes to /im by it, as one of its
 * clients, and all that holds for those holds for them. It has what Socket.IO's server uses of a connection.
 */
export class LocalConnection extends EventEmitter {
  readonly id = newSecretId();
  readonly protocol = 4;
  readonly transport;
  readonly request;
  readonly delivery;
  readyState: 'open' | 'closed' = 'open';

  /** @param receive takes each packet that the server sends */
  constructor(
    outside: Outside,
    private readonly receive: (packet: string) => void,
  ) {
    super();
    this.request = outside.request;
    this.delivery = outside.delivery;
    this.transport = new LocalTransport(outside);
  }

  /** Called by the server. What goes wrong with a packet ends this connection alone. */
  write(packet: string): void {
    try {
      this.receive(packet);
    } catch (error) {
      this.emit('error', error);
      this.close();
    }
  }

  /** Gives the server a packet. */
  give(packet: string): void {
    this.emit('data', packet);
  }

  close(): void {
    if (this.readyState === 'closed') return;
    this.readyState = 'closed';
    this.emit('close', 'forced close');
  }
}
