import type { ErrorCode } from '../../../app/schema/errors';
import { isObject } from '../../../app/schema/validate';
import type { Caller, Judged } from '../caller';
import { mismatch } from '../documented';
import { ANY_REQUEST, judgeAnswer, judgeRefusal, judgeTold, offence, type Promised } from '../judge';
import { broken, mutated, textOf } from '../mutations';
import { noEvents } from '../nonsense';
import { send } from '../rest';
import { RawSocket, tellBy, type Told as Answered } from '../socket';
import type { OlderClient, OlderKind } from './client';
import { acks, ANNOUNCE, ENTER, history, HTTP, READ, REMOVE, SAY, Told } from './promises';

const TEXTS = ['你好', 'x', '😀', 'line\nbreak', "'; --", 7];
const EVENTS = ['conn', 'sendmsg', 'delmsg', 'systemadmin'] as const;
type Event = (typeof EVENTS)[number];

/** What each is acked with, and may be refused with. */
const promises: Readonly<Record<Event, readonly [promised: Promised, codes: readonly ErrorCode[]]>> = {
  conn: [acks.nothing, ENTER],
  sendmsg: [acks.sendmsg, SAY],
  delmsg: [acks.nothing, REMOVE],
  systemadmin: [acks.nothing, ANNOUNCE],
};
/** Packets that are none, in the namespace /. */
const noPackets = ['42["', '42{}', '49', '45x-[]', '42[]', '42[null]', '42["disconnect"]', 'x'];

/** A client of Socket.IO 2.x in the namespace /, and its calls over HTTP. */
export class PrivateMessages implements OlderClient {
  readonly kinds: readonly OlderKind[];
  private socket?: RawSocket;
  /** Own messages. */
  private msgids: string[] = [];

  constructor(private readonly caller: Caller) {
    this.kinds = [
      [5, ['private: sendmsg', () => this.say()]],
      [1, ['private: delmsg', () => this.remove()]],
      [1, ['private: conn again', () => this.enterAgain()]],
      [0.5, ['private: systemadmin', () => this.ask('systemadmin', textOf(this.made('systemadmin')))]],
      [7, ['private: mutated event', () => this.mutated()]],
      [1, ['private: broken payload', () => this.broken()]],
      [1, ['private: unknown event', () => this.unknown()]],
      [1, ['private: binary event', () => this.binary()]],
      [0.5, ['private: no packet', () => this.junk()]],
      [4, ['private: over HTTP', () => this.overHttp()]],
      [1, ['private: stranger over HTTP', () => this.stranger()]],
    ];
  }

  end(): void {
    this.socket?.close();
    this.socket = undefined;
  }

  /** What an event is sent with, as the document shows it. */
  private made(event: Event): Record<string, unknown> {
    const { dice, world, actor, options } = this.caller;
    const { id } = dice.pick(world.actors);
    const uid = dice.chance(0.5) ? id : Number(id);
    return {
      conn: { uid: Number(actor.id), nickname: '张三', avatar: 'https://x/face.png', token: actor.token },
      sendmsg: { uid, msg: dice.pick(TEXTS), extra: dice.pick(['', 'x', 1, { a: [1] }]) },
      delmsg: { uid, msgid: (event === 'delmsg' && this.msgids.pop()) || '1-1' },
      systemadmin: {
        token: options.adminToken,
        content: '停机',
        uid,
        ...(dice.chance(0.3) && { msgtype: 2, event: 'x' }),
      },
    }[event];
  }

  private async say(): Promise<Judged> {
    const made = textOf(this.made('sendmsg'));
    const judged = await this.ask('sendmsg', this.caller.dice.chance(0.5) ? made : JSON.stringify(made));
    const { success } = judged[0];
    if (success && isObject(success.data)) this.msgids = [...this.msgids, String(success.data.msgid)].slice(-20);
    return judged;
  }

  /** As the document does it, without an ack: the own message is told as gone. */
  private async remove(): Promise<Judged> {
    const msgid = this.msgids.pop();
    if (!msgid) return this.say();
    const isGone = (event: string, payload: unknown) =>
      event === 'broadcastingListen' && tellsOf(payload).some(told => isDeletion(told, msgid));
    const args = JSON.stringify(['delmsg', { uid: 1, msgid }]);
    const told = await this.tell(socket => socket.emit(args, isGone));
    return [judgeTold(told, REMOVE, acks.nothing), args, told];
  }

  private async enterAgain(): Promise<Judged> {
    const args = JSON.stringify(['conn', this.made('conn')]);
    const told = await this.tell(socket => socket.emit(args, event => event === 'conn'));
    return [judgeTold(told, ENTER, acks.nothing), args, told];
  }

  private mutated(): Promise<Judged> {
    const { dice } = this.caller;
    const event = dice.pick(EVENTS);
    const text = textOf(mutated(this.made(event), dice));
    return this.ask(event, dice.chance(0.5) ? text : JSON.stringify(text));
  }

  /** The JSON of an object, a little wrong, or more arguments than one, or none. */
  private broken(): Promise<Judged> {
    const { dice } = this.caller;
    const event = dice.pick(EVENTS);
    const text = JSON.stringify(broken(textOf(this.made(event)), dice));
    return this.ask(event, dice.pick([text, '1,2,3', 'null,{}', '[],[[]]']));
  }

  private async ask(event: Event, payload: string): Promise<Judged> {
    const [promised, codes] = promises[event];
    const told = await this.tell(socket => socket.request(`["${event}",${payload}]`), payload);
    return [judgeTold(told, codes, promised), [event, payload], told];
  }

  private async unknown(): Promise<Judged> {
    const { dice } = this.caller;
    const args = `[${JSON.stringify(dice.pick(noEvents))},${textOf(mutated({ a: 1 }, dice))}]`;
    const told = await this.tell(socket => (dice.chance(0.5) ? socket.request(args) : socket.emit(args)), args);
    return [judgeTold(told, ['NOT_FOUND']), args, told];
  }

  private async binary(): Promise<Judged> {
    const event = this.caller.dice.pick(EVENTS);
    const bytes = '{"_placeholder":true,"num":0}';
    const payload = this.caller.dice.pick([bytes, `{"uid":${bytes}}`, `{"uid":"1","msg":"x","extra":${bytes}}`]);
    const told = await this.tell(socket => socket.request(`["${event}",${payload}]`, Buffer.from('bytes')));
    const [promised, codes] = promises[event];
    return [judgeTold(told, codes, promised), [event, payload], told];
  }

  private async junk(): Promise<Judged> {
    const sent = this.caller.dice.pick(noPackets);
    const told = await this.tell(socket => socket.junk(sent));
    const isClosed = told === 'closed' || told === 'refused';
    return [isClosed ? { code: told } : offence('what is no packet was taken'), sent, told];
  }

  private async overHttp(): Promise<Judged> {
    const { dice, world, options } = this.caller;
    const uid = dice.chance(0.7) ? dice.pick(world.actors).id : inQuery(mutated({ a: 1 }, dice));
    const cursor = dice.pick(['', '', '&cursor=3', '&cursor=', `&cursor=${inQuery(mutated({ a: 1 }, dice))}`]);
    const odd = dice.pick(['', '', '', '&uid=2', '&__proto__=x', '&a[b]=c', '&%ff', '&x=%00']);
    const gone = dice.chance(0.5) ? (this.msgids.pop() ?? '1-1') : inQuery(mutated({ a: 1 }, dice)) || 'x';
    const [method, path, promised, codes] = dice.pick([
      ['GET', `/socketio/messages?uid=${uid}${cursor}${odd}`, history, READ],
      ['GET', `/socketio/messages?uid=${uid}${cursor}${odd}`, history, READ],
      ['GET', `/socketio/online?x${odd}`, acks.nothing, HTTP],
      ['DELETE', `/socketio/messages/${gone}?x${odd}`, acks.nothing, REMOVE],
    ] as const);
    const sent = { method, path, headers: { authorization: `Bearer ${this.caller.actor.token}` } };
    const answer = await send(options.url, sent);
    return [judgeAnswer(answer, promised, [...codes, ...HTTP]), sent, answer];
  }

  private async stranger(): Promise<Judged> {
    const { dice, actor, options } = this.caller;
    const path = dice.pick(['/socketio/messages', '/socketio/messages/1-1', '/socketio/online']);
    const token = dice.pick(['', '?token=', '?token=x', `?token=${actor.token}x`, '?token=a&token=b', '?token[a]=b']);
    const method = dice.pick(['GET', 'DELETE', 'PUT', 'POST', 'OPTIONS']);
    const sent = { method, path: path + token };
    const answer = await send(options.url, sent);
    return [judgeRefusal(answer, [...HTTP, ...ANY_REQUEST, 'NOT_FOUND', 'METHOD_NOT_ALLOWED']), sent, answer];
  }

  private async tell(send: (socket: RawSocket) => Promise<Answered>, payload?: string): Promise<Answered> {
    if (!this.socket?.open) await this.enter();
    return tellBy(this.socket, send, payload);
  }

  /** Connects, and says `conn`. */
  private async enter(): Promise<void> {
    const { world, actor, options, report } = this.caller;
    const onEvent = (event: string, payload: unknown) => {
      if (event === 'broadcastingListen')
        this.msgids = this.msgids.filter(msgid => !tellsOf(payload).some(told => isDeletion(told, msgid)));
      const wrong = mistakeIn(event, payload);
      if (wrong)
        report.offences.push(`the event ${event} in /: ${wrong}\n    ${JSON.stringify(payload).slice(0, 400)}`);
    };
    // What is deleted while it is away it is not told.
    this.msgids = [];
    this.socket = await RawSocket.connect(options.url, { eio: 3, namespace: '', onEvent });
    if (!this.socket) return void report.offences.push('no connection to the namespace /');
    const [verdict] = await this.enterAgain();
    if (verdict.offence) report.offences.push(`conn: ${verdict.offence}`);
    if (verdict.code !== 'OK') await world.login(actor);
  }
}

/** A value as a query has it, which need not be text, nor text that UTF-8 has. */
function inQuery(value: unknown): string {
  const text = typeof value === 'string' ? value : textOf(value);
  return encodeURIComponent(Buffer.from(text).toString().slice(0, 4000));
}

function tellsOf(payload: unknown): Record<string, unknown>[] {
  return (payload as string[]).map(text => JSON.parse(text) as Record<string, unknown>);
}

const isDeletion = (told: Record<string, unknown>, msgid: string) => told._method_ === 'DelMsg' && told.msgid === msgid;

function mistakeIn(event: string, payload: unknown): string | undefined {
  if (event === 'request:failed') return undefined;
  if (event === 'conn') return JSON.stringify(payload) === '["ok"]' ? undefined : 'it is not ok';
  if (event !== 'broadcastingListen') return 'the document does not know it';
  return tellsOf(payload)
    .map(told => mismatch(Told, told))
    .find(wrong => wrong !== undefined);
}
