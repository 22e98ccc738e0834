import type { Caller, Judged } from '../caller';
import { mismatch } from '../documented';
import { judgeTold, offence } from '../judge';
import { mutated, textOf } from '../mutations';
import { noEvents } from '../nonsense';
import { RawSocket, tellBy, type Told } from '../socket';
import type { OlderClient, OlderKind } from './client';
import { acks, ENTER, JOIN, SAY, WsMessage } from './promises';

const noPackets = ['42/ws,["', '42/ws,{}', '49', '45x-/ws,[]', '42/ws,[]', '42/ws,[null]', 'x'];

/** A client of a conversations service, in the namespace /ws. */
export class Conversations implements OlderClient {
  readonly kinds: readonly OlderKind[];
  private socket?: RawSocket;

  constructor(private readonly caller: Caller) {
    const { dice } = caller;
    this.kinds = [
      [4, ['/ws: message', () => this.ask('message', textOf(this.message()))]],
      [2, ['/ws: message without ack', () => this.say()]],
      [2, ['/ws: join', () => this.ask('join', JSON.stringify(this.place()))]],
      [6, ['/ws: mutated message', () => this.ask('message', textOf(mutated(this.message(), dice)))]],
      [2, ['/ws: mutated join', () => this.ask('join', textOf(mutated({ a: this.place() }, dice)))]],
      [1, ['/ws: unknown event', () => this.unknown()]],
      [1, ['/ws: binary event', () => this.binary()]],
      [0.5, ['/ws: no packet', () => this.junk()]],
      [1.5, ['/ws: stranger', () => this.stranger()]],
    ];
  }

  end(): void {
    this.socket?.close();
    this.socket = undefined;
  }

  private place(): unknown {
    const { dice, world, actor } = this.caller;
    return world.known('conversationId', actor, dice) ?? '1';
  }

  private message(): Record<string, unknown> {
    const { dice, world, actor } = this.caller;
    const friend = dice.pick(world.actors).id;
    const body = dice.pick(['你好', 'x', '😀', 'line\nbreak']);
    const destination = dice.pick([{ receiverId: friend }, { conversationId: this.place() }, {}]);
    return { participants: dice.pick([[actor.id, friend], [friend], []]), message: { body, ...destination } };
  }

  /** As the document does it: the message comes back to the socket, whose user is one of those whom it names. */
  private async say(): Promise<Judged> {
    const { dice, world, actor } = this.caller;
    const { id: receiverId } = dice.pick(world.actors.filter(each => each !== actor));
    const body = dice.uuid();
    const args = JSON.stringify(['message', { participants: [actor.id, receiverId], message: { body, receiverId } }]);
    const isBack = (event: string, payload: unknown) =>
      event === 'message' && (payload as { body: unknown }).body === body;
    const told = await this.tell(socket => socket.emit(args, isBack));
    return [judgeTold(told, SAY, { data: WsMessage }), args, told];
  }

  private async ask(event: 'message' | 'join', payload: string): Promise<Judged> {
    const told = await this.tell(socket => socket.request(`["${event}",${payload}]`), payload);
    const [promised, codes] = event === 'join' ? [acks.nothing, JOIN] : [acks.message, SAY];
    return [judgeTold(told, codes, promised), [event, payload], told];
  }

  private async unknown(): Promise<Judged> {
    const { dice } = this.caller;
    const args = `[${JSON.stringify(dice.pick(noEvents))},${textOf(mutated({ a: 1 }, dice))}]`;
    const told = await this.tell(socket => (dice.chance(0.5) ? socket.request(args) : socket.emit(args)), args);
    return [judgeTold(told, ['UNKNOWN_EVENT', 'TOO_LARGE']), args, told];
  }

  private async binary(): Promise<Judged> {
    const bytes = '{"_placeholder":true,"num":0}';
    const event = this.caller.dice.pick(['message', 'join'] as const);
    const payload = this.caller.dice.pick([bytes, `{"message":${bytes}}`, `{"message":{"body":${bytes}}}`]);
    const told = await this.tell(socket => socket.request(`["${event}",${payload}]`, Buffer.from('bytes')));
    return [judgeTold(told, [...SAY, ...JOIN]), [event, payload], told];
  }

  private async junk(): Promise<Judged> {
    const sent = this.caller.dice.pick(noPackets);
    const told = await this.tell(socket => socket.junk(sent));
    const isClosed = told === 'closed' || told === 'refused';
    return [isClosed ? { code: told } : offence('what is no packet was taken'), sent, told];
  }

  /** Who has no token is refused with a code. */
  private async stranger(): Promise<Judged> {
    const { dice, actor, options } = this.caller;
    const auth = textOf(mutated({ token: dice.pick(['x', '', `${actor.token}x`]), deviceId: 'x' }, dice));
    const hello = `40/ws,${auth}`;
    let refusal: unknown;
    const door = { eio: 4, namespace: '/ws,', hello, onEvent: () => undefined } as const;
    const socket = await RawSocket.connect(options.url, door, given => (refusal = given));
    socket?.close();
    // What is no object of credentials is no packet, and ends the connection.
    if (refusal === undefined) return [socket ? offence('it was let in') : { code: 'refused' }, auth, refusal];
    const { message, data } = refusal as { message?: unknown; data?: unknown };
    const verdict = judgeTold({ ack: { ok: false, error: data } }, ENTER);
    return [verdict.offence || message === verdict.code ? verdict : offence('another code'), auth, refusal];
  }

  private async tell(send: (socket: RawSocket) => Promise<Told>, payload?: string): Promise<Told> {
    if (!this.socket?.open) await this.enter();
    return tellBy(this.socket, send, payload);
  }

  private async enter(): Promise<void> {
    const { world, actor, options, report } = this.caller;
    const onEvent = (event: string, payload: unknown) => {
      const wrong = event === 'message' ? mismatch(WsMessage, payload) : undefined;
      if (wrong) report.offences.push(`the event message in /ws: ${wrong}\n    ${JSON.stringify(payload)}`);
    };
    const connect = () => {
      const hello = `40/ws,${JSON.stringify({ token: actor.token })}`;
      return RawSocket.connect(options.url, { eio: 4, namespace: '/ws,', hello, onEvent });
    };
    this.socket = await connect();
    if (this.socket) return;
    await world.login(actor);
    this.socket = await connect();
  }
}
