import assert from 'node:assert/strict';
import { once } from 'node:events';
import WebSocket from 'ws';
import type { Row } from '../../app/protocol/websocket/row';
import type { Person } from './person';
import { url } from './service';

/** What a mini-program is sent. */
export interface Frame {
  readonly code: 0 | 1;
  readonly msg?: string;
  readonly error?: string;
  readonly data: readonly Row[];
  readonly before?: number;
}

const open = new Set<WebSocket>();

afterEach(() => {
  for (const socket of open) socket.terminate();
  open.clear();
});

interface Place {
  readonly server?: string;
  readonly app?: string;
}

/** The chat page of a mini-program: it opens a plain WebSocket, sends JSON, and shows the list of each frame. */
export class MiniProgram {
  readonly frames: Frame[] = [];

  private constructor(
    private readonly socket: WebSocket,
    private readonly chatInfo: object,
  ) {
    socket.on('message', (text: Buffer) => this.frames.push(JSON.parse(text.toString()) as Frame));
    open.add(socket);
  }

  /** Opens the page of a chat with a friend. */
  static async open(me: Person, friend: Person, { server = url(), app = 'default' }: Place = {}): Promise<MiniProgram> {
    const [userInfo, friendInfo] = [me, friend].map(({ session: { user } }) => {
      return { account: user.account, username: user.name, avatar: '', app_sid: app };
    });
    const chatInfo = { userInfo, friendInfo };
    const query = { friendphone: friendInfo.account, userphone: userInfo.account, app_sid: userInfo.app_sid };
    return this.dial({ ...query, token: me.session.accessToken }, chatInfo, server);
  }

  static async dial(query: Record<string, string>, chatInfo: object = {}, server = url()): Promise<MiniProgram> {
    const socket = new WebSocket(`${server.replace('http', 'ws')}/chat/v1/message?${new URLSearchParams(query)}`);
    const page = new MiniProgram(socket, chatInfo);
    await once(socket, 'open');
    return page;
  }

  say(chat_content: string, chat_type = 0): void {
    this.send({ ...this.chatInfo, chat_content, chat_type });
  }

  send(frame: object): void {
    this.sendText(JSON.stringify(frame));
  }

  sendText(text: string): void {
    this.socket.send(text);
  }

  /** Resolves with the first frame, sent or yet to come, that is as wanted. */
  async frame(isWanted: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const found = this.frames.find(isWanted);
      if (found) return found;
      await once(this.socket, 'message', { signal: AbortSignal.timeout(5000) });
    }
  }

  /** Resolves when a list shows these texts. */
  shows(...contents: string[]): Promise<Frame> {
    const wanted = JSON.stringify(contents);
    return this.frame(({ code, data }) => code === 1 && JSON.stringify(data.map(row => row.content)) === wanted);
  }

  /** The sentence with which it is refused. */
  async refusal(): Promise<string> {
    const { msg } = await this.frame(({ code }) => code === 0);
    assert.ok(msg);
    return msg;
  }

  close(): void {
    this.socket.close();
  }

  async closed(): Promise<void> {
    if (this.socket.readyState !== WebSocket.CLOSED) await once(this.socket, 'close');
  }
}
