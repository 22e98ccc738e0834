import { WebSocket } from 'ws';
import { PATIENCE_MS } from '../socket';

/** What a page is sent. */
export interface PageFrame {
  readonly code: 0 | 1;
  readonly msg?: string;
  readonly error?: string;
  readonly data?: readonly { readonly id: number; readonly content: string; readonly chat_type: number }[];
  readonly before?: number;
}

/** What became of something that was sent: a frame, or none. */
export type Shown = PageFrame | 'closed' | 'nothing';

/** The plain WebSocket of a mini-program. */
export class PageSocket {
  private waiting?: { readonly isAnswer: (frame: PageFrame) => boolean; readonly resolve: (shown: Shown) => void };

  private constructor(private readonly socket: WebSocket) {}

  /** Resolves with the first frame. `onFrame` is told of each as it came. */
  static async open(
    url: string,
    query: string,
    onFrame: (frame: unknown) => void,
  ): Promise<readonly [PageSocket, Shown]> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/chat/v1/message${query}`, { perMessageDeflate: false });
    const page = new PageSocket(socket);
    socket.on('message', (text: Buffer) => {
      const frame = JSON.parse(text.toString()) as PageFrame;
      onFrame(frame);
      if (page.waiting?.isAnswer(frame)) page.waiting.resolve(frame);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => page.waiting?.resolve('closed'));
    return [page, await page.shown(() => true)];
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Resolves with the frame that answers; every refusal does. */
  ask(data: string | Buffer, isAnswer: (frame: PageFrame) => boolean): Promise<Shown> {
    const shown = this.shown(frame => frame.code === 0 || isAnswer(frame));
    this.socket.send(data);
    return shown;
  }

  /** Resolves when the server has closed it, or with what it has not done. */
  ended(): Promise<Shown> {
    return this.socket.readyState === WebSocket.CLOSED ? Promise.resolve('closed') : this.shown(() => false);
  }

  close(): void {
    this.socket.terminate();
  }

  private shown(isAnswer: (frame: PageFrame) => boolean): Promise<Shown> {
    return new Promise<Shown>(resolve => {
      const timer = setTimeout(() => resolve('nothing'), PATIENCE_MS);
      this.waiting = {
        isAnswer,
        resolve: shown => {
          clearTimeout(timer);
          resolve(shown);
        },
      };
    }).finally(() => (this.waiting = undefined));
  }
}
