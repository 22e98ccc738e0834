import { connect } from 'node:net';
import { isObject } from '../../../app/schema/validate';
import type { Caller, Judged } from '../caller';
import { judgeRefusal, offence, type Verdict } from '../judge';
import { mutated, textOf } from '../mutations';
import { PATIENCE_MS } from '../socket';
import type { OlderClient, OlderKind } from './client';
import { PageSocket } from './page_socket';
import { judgeShown } from './pages';
import { ENTER } from './promises';

const PAGE = '/chat/v1/message';
const SOCKETS = '/socket.io/?EIO=3&transport=websocket';

const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};
/** Of requests that ask for a WebSocket, and do it wrong. */
const wrongHeads: readonly Record<string, string>[] = [
  { ...upgrade, 'sec-websocket-key': 'short' },
  { ...upgrade, 'sec-websocket-key': '' },
  { ...upgrade, 'sec-websocket-version': '7' },
  { ...upgrade, upgrade: 'smoke' },
  { connection: 'Upgrade', upgrade: 'websocket' },
];
/** What is no frame of a client, or none that may be. */
const noFrames = [
  // Not masked, of an unknown kind, with a reserved bit, longer than anything, no UTF-8, a part of nothing, an odd farewell.
  ...['8102686a', '8380000000', 'c180000000', '81ffffffffffffffffff00000000', '818200000000fffe', '808000000000'],
  ...['888100000000ff', '89fe0080', '00', 'ff'.repeat(200)],
].map(hex => Buffer.from(hex, 'hex'));

/** Requests for plain WebSockets and for those of Socket.IO, with something wrong about them. */
export class Handshakes implements OlderClient {
  readonly kinds: readonly OlderKind[] = [
    [2, ['handshake: odd query', () => this.oddQuery()]],
    [1, ['handshake: wrong head', () => this.wrongHead()]],
    [0.5, ['handshake: half of it', () => this.half()]],
    [1, ['handshake: no frame after it', () => this.noFrame()]],
    [0.5, ['handshake: of Socket.IO', () => this.ofSocketIo()]],
  ];

  constructor(private readonly caller: Caller) {}

  end(): void {
    // Each of these is over with its call.
  }

  private query(): Record<string, string> {
    const { actor, dice, world } = this.caller;
    const friendphone = dice.pick(world.actors).account;
    return { friendphone, userphone: actor.account, app_sid: 'default', token: actor.token };
  }

  /** Opens a page, or is told in a frame why not. */
  private async oddQuery(): Promise<Judged> {
    const { dice, options } = this.caller;
    const given = mutated(this.query(), dice);
    const wrong = Object.entries(isObject(given) ? given : { given }).map(([key, value]) => {
      const text = typeof value === 'string' ? value : textOf(value);
      return [key, Buffer.from(text.slice(0, 1000)).toString()].map(encodeURIComponent).join('=');
    });
    const odd = dice.pick([
      '',
      '',
      '&__proto__=x',
      '&userphone=a&userphone=b',
      '&token[a]=b',
      '&%ff=%',
      '&a=%00',
      '??',
    ]);
    const query = `?${wrong.join('&')}${odd}`;
    const [page, shown] = await PageSocket.open(options.url, query, () => undefined);
    const refused = typeof shown === 'object' && shown.code === 0;
    const verdict = judgeShown(shown, ENTER);
    const isClosed = !refused || (await page.ended()) === 'closed';
    page.close();
    return [isClosed ? verdict : offence('a refused page was not closed'), query, shown];
  }

  private async wrongHead(): Promise<Judged> {
    const { dice } = this.caller;
    const [path, method] = [dice.pick([PAGE, SOCKETS]), dice.pick(['GET', 'GET', 'POST', 'HEAD'])];
    const head = method === 'GET' ? dice.pick(wrongHeads) : upgrade;
    const sent = requestText(path, head, method);
    const got = await this.dial(sent, text => text.includes('\r\n\r\n'));
    return [judgeHead(got, path), sent, got];
  }

  /** Nothing is promised to who goes away in the middle; the calls that follow see whether it has done harm. */
  private async half(): Promise<Judged> {
    const { dice } = this.caller;
    const text = requestText(`${PAGE}?${new URLSearchParams(this.query()).toString()}`, upgrade);
    const sent = text.slice(0, dice.below(text.length + 1));
    await this.dial(sent, () => true, dice.below(3));
    return [{ code: 'gone' }, sent.length, undefined];
  }

  private async noFrame(): Promise<Judged> {
    const { dice } = this.caller;
    const path = dice.pick([`${PAGE}?${new URLSearchParams(this.query()).toString()}`, SOCKETS]);
    const frame = dice.pick(noFrames);
    const sent = Buffer.concat([Buffer.from(requestText(path, upgrade)), frame, dice.pick(noFrames)]);
    // The farewell of a WebSocket, or of the connection.
    const got = await this.dial(sent, text => text.includes('\x88'));
    const isRight = got?.startsWith('HTTP/1.1 101') ?? false;
    return [isRight ? { code: '101' } : offence('no answer'), sent.toString('latin1'), got];
  }

  private async ofSocketIo(): Promise<Judged> {
    const { dice } = this.caller;
    const query = dice.pick([
      '',
      'EIO=9',
      'EIO=3',
      'EIO=3&transport=smoke',
      'EIO=3&transport=polling&sid=nobody',
      'EIO[a]=3',
    ]);
    const sent = requestText(`/socket.io/?${query}`, dice.chance(0.5) ? upgrade : { connection: 'close' });
    const got = await this.dial(sent, text => text.includes('\r\n\r\n'));
    return [judgeHead(got, SOCKETS), sent, got];
  }

  /** What comes until it is as wanted, or until the connection ends; undefined when neither happens. */
  private dial(
    sent: string | Buffer,
    isWanted: (text: string) => boolean,
    stayMs?: number,
  ): Promise<string | undefined> {
    const { port, hostname } = new URL(this.caller.options.url);
    return new Promise(resolve => {
      const socket = connect(Number(port), hostname, () => socket.write(sent));
      let got = '';
      const end = (told?: string) => {
        resolve(told);
        socket.destroy();
      };
      socket.on('data', part => {
        got += part.toString('latin1');
        if (isWanted(got)) end(got);
      });
      socket.on('error', () => end(got));
      socket.on('close', () => end(got));
      socket.setTimeout(stayMs === undefined ? PATIENCE_MS : stayMs + 1, () => end());
    });
  }
}

function requestText(path: string, headers: Record<string, string>, method = 'GET'): string {
  const lines = Object.entries({ host: 'x', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

/** Of an answer in HTTP: ours has a code, that of Engine.IO is its own. */
function judgeHead(got: string | undefined, path: string): Verdict {
  const [head, text = ''] = (got ?? '').split('\r\n\r\n');
  const status = Number(head.split(' ')[1]);
  if (!status) return offence('no answer');
  if (status >= 500) return offence(String(status));
  return path === PAGE && text ? judgeRefusal({ status, text }, [...ENTER, 'NOT_FOUND']) : { code: `HTTP ${status}` };
}
