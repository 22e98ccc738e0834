import { WebSocket } from 'ws';
import { serverEvents, type ServerEventName } from '../../app/schema/events';
import { mismatch } from './documented';

export const PATIENCE_MS = 10_000;

/**
 * What became of an event: its ack, or none: the connection was closed, cut because of a packet past the limit, or refused, or
 * nothing came in time.
 */
export type Told = { readonly ack: unknown } | 'closed' | 'cut' | 'nothing' | 'refused';

/** A connection to /im that writes what it is given, right or wrong. */
export class RawSocket {
  private readonly waiting = new Map<number, (told: Told) => void>();
  private failed?: (told: Told) => void;
  private nextId = 0;

  private constructor(
    private readonly socket: WebSocket,
    private readonly onOffence: (offence: string) => void,
  ) {}

  /** Undefined when it is refused. */
  static connect(url: string, token: string, onOffence: (offence: string) => void): Promise<RawSocket | undefined> {
    return new Promise(resolve => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
        perMessageDeflate: false,
      });
      const client = new RawSocket(socket, onOffence);
      socket.on('error', () => resolve(undefined));
      socket.on('close', () => {
        client.end();
        resolve(undefined);
      });
      socket.on('message', (frame: Buffer, isBinary) => {
        const text = isBinary ? '' : frame.toString();
        if (text.startsWith('0')) socket.send(`40/im,${JSON.stringify({ token })}`);
        else if (text.startsWith('40/im,')) resolve(client);
        else if (text.startsWith('44/im,')) socket.close();
        else client.receive(text);
      });
    });
  }

  get open(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Sends an event with an ack. `attachment` goes with it as a binary frame. */
  request(args: string, attachment?: Buffer): Promise<Told> {
    const id = this.nextId++;
    const told = this.told(resolve => this.waiting.set(id, resolve));
    this.socket.send(`4${attachment ? '51-' : '2'}/im,${id}${args}`);
    if (attachment) this.socket.send(attachment);
    return told.finally(() => this.waiting.delete(id));
  }

  /** Sends an event without an ack, and resolves with the failure that comes for it as `request:failed`. */
  emit(args: string): Promise<Told> {
    const told = this.told(resolve => (this.failed = resolve));
    this.socket.send(`42/im,${args}`);
    return told.finally(() => (this.failed = undefined));
  }

  /** Sends what is no event, upon which a server closes. */
  junk(text: string): Promise<Told> {
    const told = this.told(resolve => this.waiting.set(-1, resolve));
    this.socket.send(text);
    return told.finally(() => this.waiting.delete(-1));
  }

  close(): void {
    this.socket.terminate();
  }

  private told(wait: (resolve: (told: Told) => void) => void): Promise<Told> {
    return new Promise(resolve => {
      if (!this.open) return resolve('closed');
      const timer = setTimeout(() => resolve('nothing'), PATIENCE_MS);
      wait(told => {
        clearTimeout(timer);
        resolve(told);
      });
    });
  }

  private end(): void {
    for (const resolve of this.waiting.values()) resolve('closed');
    this.failed?.('closed');
  }

  private receive(text: string): void {
    if (text === '2') this.socket.send('3');
    else if (text.startsWith('43/im,')) {
      const start = text.indexOf('[');
      const [ack] = JSON.parse(text.slice(start)) as unknown[];
      this.waiting.get(Number(text.slice(6, start)))?.({ ack });
    } else if (text.startsWith('42/im,')) {
      const [event, payload] = JSON.parse(text.slice(6)) as [ServerEventName, unknown];
      const wrong = mismatch(serverEvents[event].payload, payload);
      if (wrong) this.onOffence(`the event ${event}: ${wrong}`);
      if (event === 'request:failed')
        this.failed?.({ ack: { ok: false, error: (payload as { error: unknown }).error } });
    }
  }
}
