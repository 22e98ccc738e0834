import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';

type Answer = (answer: { ok: boolean; error?: { code: string }; data?: unknown }) => void;

/** What a push brings, as far as a load looks at it. */
type Entries = readonly { readonly syncSeq: number; readonly data: { readonly messages?: unknown[] } }[];

/** What a server tells without having been asked. */
interface Told {
  readonly entries?: Entries;
  readonly head?: number;
}

/**
 * A Socket.IO client of namespace /im that does only what a load needs, so that the load generator is not what is
 * measured: Engine.IO 4 over WebSocket, packets decoded as a real client does.
 */
export class LoadClient {
  onPush: (entries: Entries) => void = () => undefined;
  /** The furthest place of the stream it has been told of. */
  head = -1;
  private readonly answers = new Map<number, Answer>();
  private nextId = 0;

  private constructor(private readonly socket: WebSocket) {}

  static connect(port: number, auth: object, localAddress: string | undefined): Promise<LoadClient> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`, {
        perMessageDeflate: false,
        localAddress,
      });
      const client = new LoadClient(socket);
      socket.on('error', reject);
      // After it has connected nobody waits for this.
      socket.on('close', () => reject(new Error('closed')));
      // Text frames come as one Buffer.
      socket.on('message', (frame: Buffer) => client.receive(frame.toString(), auth, resolve, reject));
    });
  }

  request(event: string, payload: object, answer: Answer): void {
    const id = this.nextId++;
    this.answers.set(id, answer);
    this.socket.send(`42/im,${id}${JSON.stringify([event, payload])}`);
  }

  close(): void {
    this.socket.terminate();
  }

  private receive(
    text: string,
    auth: object,
    connected: (client: this) => void,
    refused: (error: Error) => void,
  ): void {
    if (text.startsWith('42/im,')) {
      const [event, data] = JSON.parse(text.slice(6)) as [string, Told];
      this.head = Math.max(this.head, data.head ?? data.entries?.at(-1)?.syncSeq ?? 0);
      if (event === 'sync:push') this.onPush(data.entries ?? []);
    } else if (text.startsWith('43/im,')) {
      const start = text.indexOf('[');
      const id = Number(text.slice(6, start));
      const [answer] = JSON.parse(text.slice(start)) as Parameters<Answer>;
      this.answers.get(id)?.(answer);
      this.answers.delete(id);
    } else if (text === '2') this.socket.send('3');
    else if (text.startsWith('0')) this.socket.send(`40/im,${JSON.stringify(auth)}`);
    else if (text.startsWith('40/im,')) connected(this);
    else if (text.startsWith('44/im,')) refused(new Error(text.slice(6)));
  }
}

export function message(conversationId: string) {
  return {
    conversationId,
    clientMsgId: randomUUID(),
    type: 'text',
    content: { text: 'The quick brown fox jumps over the lazy dog.' },
  };
}
