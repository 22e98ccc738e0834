import { randomUUID } from 'node:crypto';
import { calls, type Call, type CallName, type Data, type WireInput } from '../../app/schema/calls';
import type { Message, SentMessage } from '../../app/schema/message';
import type { Register, Session } from '../../app/schema/user';
import { Client, type ConnectOptions } from './client';
import { Refusal, type Failure } from './refusal';
import { app, url } from './service';

export interface Input {
  /** for the first parameter of the path, when there is one */
  readonly id?: string;
  readonly path?: Record<string, string>;
  readonly query?: Record<string, string | number>;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

const PATIENCE_MS = 10_000;

interface Answer {
  readonly data: unknown;
  readonly nextCursor?: string;
  readonly error?: Failure;
}

async function fetchCall(name: CallName, { id, path: inPath, query, body, headers }: Input): Promise<Answer> {
  const { method = 'get', path = '' }: Call = calls[name];
  const target = new URL(
    `${url()}/api/v1${path.replace(/:(\w+)/g, (_match, key: string) => inPath?.[key] ?? id ?? '')}`,
  );
  for (const [key, value] of Object.entries(query ?? {})) target.searchParams.set(key, String(value));
  const response = await fetch(target, {
    method: method.toUpperCase(),
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    // A string is sent as it is, for what JSON.stringify would never write.
    body: typeof body === 'string' ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const answer = (await response.json()) as Answer;
  if (answer.error) throw new Refusal(answer.error, response.status);
  return answer;
}

/** A REST call without a token. Throws Refusal. */
export async function ask<N extends CallName>(name: N, input: Input = {}): Promise<Data<N>> {
  return (await fetchCall(name, input)).data as Data<N>;
}

/** Fields of a call where REST has them: in the path, the query string or the body. */
export function placed(name: CallName, fields: Record<string, unknown>): Input {
  const { params, query }: Call = calls[name];
  const isIn = (part: { properties: object } | undefined) => (key: string) => key in (part?.properties ?? {});
  const pick = (test: (key: string) => boolean) =>
    Object.fromEntries(Object.entries(fields).filter(([key]) => test(key)));
  const rest = pick(key => !isIn(params)(key));
  const inPath = Object.fromEntries(Object.entries(pick(isIn(params))).map(([key, value]) => [key, String(value)]));
  return {
    path: inPath,
    ...(query ? { query: rest as Record<string, string> } : (calls[name] as Call).body && { body: rest }),
  };
}

/** A user on one device. */
export class Person {
  readonly id: string;
  readonly deviceId: string;

  constructor(
    readonly session: Session,
    readonly credentials: { readonly account: string; readonly password: string; readonly app?: string },
  ) {
    this.id = session.user.id;
    this.deviceId = session.deviceId;
  }

  /** A REST call. Throws Refusal. */
  async ask<N extends CallName>(name: N, input: Input = {}): Promise<Data<N>> {
    return (await this.page(name, input)).data;
  }

  /** A REST call, with the cursor of the next page. */
  async page<N extends CallName>(name: N, input: Input = {}): Promise<{ data: Data<N>; nextCursor?: string }> {
    const headers = { authorization: `Bearer ${this.session.accessToken}`, ...input.headers };
    return (await fetchCall(name, { ...input, headers })) as { data: Data<N>; nextCursor?: string };
  }

  /** The same, with the input as the calls' table has it: the transport's places for it are found by themselves. */
  async call<N extends CallName>(name: N, input: WireInput<N>): Promise<Data<N>> {
    return (await this.callPage(name, input)).data;
  }

  callPage<N extends CallName>(name: N, input: WireInput<N>): Promise<{ data: Data<N>; nextCursor?: string }> {
    return this.page(name, placed(name, input as Record<string, unknown>));
  }

  /** Logs in once more: the same user on another device, or again on the device named. */
  async login(device: { deviceId?: string; platform?: string; password?: string } = {}): Promise<Person> {
    return new Person(await ask('auth.login', { body: { ...this.credentials, ...device } }), this.credentials);
  }

  connect(options: ConnectOptions = {}): Promise<Client> {
    const { deviceId, session } = this;
    return Client.connect(url(), { token: session.accessToken, deviceId, ...options.auth }, options);
  }
}

/** A new user of an account nobody else has. */
export async function person(given: Partial<Register> = {}): Promise<Person> {
  const account = `p${randomUUID()}`;
  const body = { account, password: 'correct horse battery', name: 'Pat', ...given };
  const session = await ask('auth.register', { body });
  // Most tests are not about who may be added to groups.
  await app.model.User.update({ allowGroups: 'everyone' }, { where: { id: Number(session.user.id) }, silent: true });
  session.user.privacy.groups = 'everyone';
  return new Person(session, { account: body.account, password: body.password, app: body.app });
}

export function people(howMany: number): Promise<Person[]> {
  return Promise.all(Array.from({ length: howMany }, (_, index) => person({ name: `Pat ${index}` })));
}

/** The message of an ack, as every recipient gets it. */
export function messageOf(sent: SentMessage): Message {
  const message: Message & { syncSeq?: number } = { ...sent };
  delete message.syncSeq;
  return message;
}

/** A text message; every call makes another one. */
export function text(words: string) {
  return { clientMsgId: randomUUID(), type: 'text' as const, content: { text: words } };
}
