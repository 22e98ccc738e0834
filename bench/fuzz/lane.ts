import { eventOf, callNames, calls, payloadOf, type Call, type CallName } from '../../app/schema/calls';
import { serverEvents, type ServerEventName } from '../../app/schema/events';
import type { Caller, Judged } from './caller';
import { mismatch } from './documented';
import { Examples } from './examples';
import { ANY_REQUEST, judgeEvent, judgeRefusal, judgeRest, judgeTold } from './judge';
import { broken, mutated, textOf } from './mutations';
import { requestOf, send, sendRaw, type Request } from './rest';
import { OlderClients } from './older/clients';
import { RawSocket, tellBy, type Told } from './socket';
import { brokenFormsOf, formOf } from './upload';
import { addresses, noEvents, noHttp, noPackets, types } from './nonsense';

/** Calls that cost a hash of a password, or end the session that the lane has. */
const SELDOM = /^auth\.|^user\.destroy$|^group\.dissolve$|^group\.leave$/;
/** Calls after which the lane needs another session. */
const ENDING = /^auth\.|^user\.destroy$/;
/** And the answers that say so. */
const ENDED = new Set(['SESSION_CLOSED', 'TOKEN_EXPIRED']);

/** Share of the calls that are made as clients of older protocols make them. */
const OLDER = 0.23;

type Kind = (name: CallName) => Promise<Judged>;

/** One person who makes one call after another. */
export class Lane {
  private readonly examples: Examples;
  private readonly older: OlderClients;
  private readonly kinds: readonly (readonly [weight: number, kind: readonly [name: string, make: Kind]])[];
  private socket?: RawSocket;

  constructor(private readonly caller: Caller) {
    const { world, actor, dice } = caller;
    this.examples = new Examples(dice, field => world.known(field, actor, dice));
    this.older = new OlderClients(caller);
    this.kinds = [
      [20, ['valid REST', name => this.rest(name, value => value)]],
      [18, ['mutated REST', name => this.rest(name, value => mutated(value, dice))]],
      [3, ['broken body', name => this.brokenBody(name)]],
      [3, ['no or a wrong token', name => this.stranger(name)]],
      [3, ['wrong method or address', name => this.lost(name)]],
      [1, ['no HTTP', () => this.noHttp()]],
      [2, ['upload', () => this.upload()]],
      [22, ['valid event', name => this.event(name, value => value)]],
      [20, ['mutated event', name => this.event(name, value => mutated(value, dice))]],
      [3, ['unknown event', () => this.unknown()]],
      [2, ['binary event', name => this.binary(name)]],
      [2, ['event without ack', name => this.withoutAck(name)]],
      [1, ['no packet', () => this.junk()]],
    ];
  }

  /** Makes one call, and judges its answer. */
  async step(): Promise<void> {
    const { dice, report } = this.caller;
    if (dice.chance(OLDER)) {
      if (ENDED.has(await this.older.step())) await this.refresh();
      return;
    }
    const name = dice.weighted(
      callNames.map(each => [SELDOM.test(each) ? 0.1 : each === 'message.send' ? 4 : 1, each]),
    );
    const [kind, make] = dice.weighted(this.kinds);
    const [verdict, sent, answer] = await make(name);
    report.add(kind, name, verdict, [sent, answer]);
    if (ENDING.test(name) || ENDED.has(verdict.code)) await this.refresh();
  }

  end(): void {
    this.socket?.close();
    this.older.end();
  }

  /** The session may have ended: begins another. */
  private async refresh(): Promise<void> {
    this.end();
    await this.caller.world.login(this.caller.actor);
  }

  private async rest(name: CallName, change: (value: unknown) => unknown) {
    const { params, query, body, method, upload }: Call = calls[name];
    if (!method || upload) return this.event(name === 'media.create' ? 'user.me' : name, change);
    const made = [params, query, body].map(schema => schema && this.examples.of(schema));
    // One of the three alone, or the others would be refused before it is looked at.
    const places = [0, 1, 2].filter(place => made[place] !== undefined);
    const changed = this.caller.dice.pick(places);
    const [inPath, asked, sent] = made.map((value, place) => (place === changed ? change(value) : value));
    const parts = { params: inPath, query: asked, body: sent === undefined ? undefined : textOf(sent) };
    const request = requestOf(name, parts, this.headersOf(name));
    const answer = await send(this.caller.options.url, request);
    const verdict = judgeRest(name, answer);
    if (verdict.success) this.caller.world.learn(name, verdict.success.data, verdict.success.nextCursor);
    return [verdict, request, answer] as const;
  }

  private async brokenBody(name: CallName) {
    const { dice } = this.caller;
    const { body, method }: Call = calls[name];
    const text = textOf(body ? this.examples.of(body) : {});
    const wrongType = dice.chance(0.5);
    const type = wrongType ? dice.pick(types) : 'application/json';
    const sent = requestOf(
      method ? name : 'user.update',
      { params: this.paramsOf(name), body: wrongType ? text : broken(text, dice) },
      { ...this.headersOf(name), 'content-type': type },
    );
    const answer = await send(this.caller.options.url, sent);
    return [judgeRest(method ? name : 'user.update', answer, ANY_REQUEST), sent, answer] as const;
  }

  private async stranger(name: CallName) {
    const { method, access = 'token' }: Call = calls[name];
    if (!method || access === 'open') return this.unknown();
    const authorization = this.caller.dice.pick([
      '',
      'Bearer',
      'Bearer x',
      'Basic YTpi',
      `Bearer ${this.caller.actor.token}x`,
      'Bearer null',
      'Bearer \u00ff',
    ]);
    const sent = requestOf(name, { params: this.paramsOf(name) }, { authorization });
    const answer = await send(this.caller.options.url, sent);
    return [judgeRefusal(answer, ['UNAUTHENTICATED', 'TOKEN_EXPIRED', ...ANY_REQUEST]), sent, answer] as const;
  }

  private async lost(name: CallName) {
    const { dice } = this.caller;
    const method = dice.pick(['TRACE', 'PUT', 'OPTIONS', 'PROPFIND', 'LOCK', 'SEARCH']);
    const wanted = requestOf(
      (calls[name] as Call).method ? name : 'user.me',
      { params: this.paramsOf(name) },
      this.headersOf(name),
    );
    const sent = dice.chance(0.6) ? { ...wanted, method } : { ...wanted, path: dice.pick(addresses) };
    const answer = await send(this.caller.options.url, sent);
    return [judgeRefusal(answer, ['NOT_FOUND', 'METHOD_NOT_ALLOWED', ...ANY_REQUEST]), sent, answer] as const;
  }

  private async noHttp() {
    const sent = this.caller.dice.pick(noHttp);
    const answer = await sendRaw(this.caller.options.url, sent);
    return [judgeRefusal(answer, ['INVALID_INPUT', 'HEADERS_TOO_LARGE']), sent, answer] as const;
  }

  private async upload() {
    const isBroken = this.caller.dice.chance(0.6);
    const { type, body } = isBroken ? this.caller.dice.pick(brokenFormsOf('file')) : formOf('file');
    const sent: Request = {
      method: 'POST',
      path: '/api/v1/media',
      headers: { ...this.headersOf('media.create'), 'content-type': type },
      body,
    };
    const answer = await send(this.caller.options.url, sent);
    const verdict = judgeRest('media.create', answer);
    if (verdict.success) this.caller.world.learn('media.create', verdict.success.data);
    return [verdict, { ...sent, body: sent.body?.toString() }, answer] as const;
  }

  private async event(name: CallName, change: (value: unknown) => unknown): ReturnType<Kind> {
    const event = eventOf(name);
    if (!event) return this.rest((calls[name] as Call).upload ? 'user.me' : name, change);
    const made = this.examples.of(payloadOf(calls[name]));
    const payload = textOf(change(made));
    const told = await this.tell(socket => socket.request(`[${JSON.stringify(event)},${payload}]`), payload);
    const verdict = judgeEvent(name, told, payload);
    if (verdict.success) this.caller.world.learn(name, verdict.success.data, verdict.success.nextCursor);
    return [verdict, payload, told] as const;
  }

  private async unknown() {
    const { dice } = this.caller;
    const event = dice.pick(noEvents);
    const args = dice.pick(['', ',{}', ',null', ',1,2,3', `,${textOf(mutated({ a: 1 }, dice))}`]);
    const told = await this.tell(socket => socket.request(`[${JSON.stringify(event)}${args}]`), args);
    return [judgeTold(told, ['UNKNOWN_EVENT']), [event, args], told] as const;
  }

  private async binary(name: CallName) {
    const event = eventOf(name) ?? 'message:send';
    const placeholder = '{"_placeholder":true,"num":0}';
    const payload = this.caller.dice.pick([
      placeholder,
      `{"userId":${placeholder}}`,
      `{"content":{"x":[${placeholder}]}}`,
    ]);
    const told = await this.tell(socket => socket.request(`["${event}",${payload}]`, Buffer.from('bytes')));
    return [judgeEvent(eventOf(name) ? name : 'message.send', told, undefined), payload, told] as const;
  }

  private async withoutAck(name: CallName) {
    const event = eventOf(name) ?? 'message:send';
    const payload = textOf({ surprise: mutated({ a: 1 }, this.caller.dice) });
    const told = await this.tell(socket => socket.emit(`["${event}x",${payload}]`), payload);
    return [judgeTold(told, ['UNKNOWN_EVENT']), payload, told] as const;
  }

  private async junk() {
    const sent = this.caller.dice.pick(noPackets);
    const told = await this.tell(socket => socket.junk(sent));
    return [
      told === 'closed' ? { code: 'closed' } : { code: 'OFFENCE', offence: 'what is no packet was taken' },
      sent,
      told,
    ] as const;
  }

  /** Over the connection of this lane, which is made when there is none. */
  private async tell(send: (socket: RawSocket) => Promise<Told>, payload = ''): Promise<Told> {
    const { world, actor, report, options } = this.caller;
    const onEvent = (event: string, payload: unknown) => {
      const wrong = mismatch(serverEvents[event as ServerEventName].payload, payload);
      if (wrong) report.offences.push(`the event ${event}: ${wrong}`);
    };
    const connect = () => {
      const hello = `40/im,${JSON.stringify({ token: actor.token })}`;
      return RawSocket.connect(options.url, { eio: 4, namespace: '/im,', hello, onEvent });
    };
    if (!this.socket?.open) this.socket = await connect();
    if (!this.socket) {
      await world.login(actor);
      this.socket = await connect();
    }
    return tellBy(this.socket, send, payload);
  }

  private paramsOf(name: CallName): unknown {
    const { params }: Call = calls[name];
    return params && this.examples.of(params);
  }

  private headersOf(name: CallName): Record<string, string> {
    const { access = 'token' }: Call = calls[name];
    if (access === 'open') return {};
    return { authorization: `Bearer ${access === 'admin' ? this.caller.options.adminToken : this.caller.actor.token}` };
  }
}
