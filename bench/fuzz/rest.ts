import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { calls, type Call, type CallName } from '../../app/schema/calls';
import { isObject } from '../../app/schema/validate';
import { PATIENCE_MS } from './socket';

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

const agent = new Agent({ keepAlive: true });

/** The answer to a request; undefined when none comes. */
export function send(url: string, { method, path, headers, body }: Request): Promise<Answer | undefined> {
  return new Promise(resolve => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const options = { method, agent, timeout: PATIENCE_MS, headers: { ...headers, ...length } };
    const sent = request(url + path, options, response => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', () => resolve(undefined));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }));
    });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve(undefined));
    sent.end(body);
  });
}

/** The same for a text that need not be HTTP. */
export function sendRaw(url: string, text: string): Promise<Answer | undefined> {
  const { port, hostname } = new URL(url);
  return new Promise(resolve => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let got = '';
    socket.on('data', part => (got += part.toString()));
    socket.on('error', () => resolve(undefined));
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
    socket.on('close', () => {
      const [head, body = ''] = got.split('\r\n\r\n');
      resolve(got ? { status: Number(head.split(' ')[1]), text: body } : undefined);
    });
  });
}

/** What a call is sent with over HTTP; each part may be anything. */
export interface Parts {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: string;
}

/** What stands in an address for a value, which need not be text, nor text that UTF-8 has. */
function inAddress(value: unknown): string {
  const text = typeof value === 'string' ? value : ((JSON.stringify(value) as string | undefined) ?? '');
  return encodeURIComponent(Buffer.from(text || ' ').toString());
}

const entriesOf = (value: unknown) => Object.entries(isObject(value) ? value : {});

export function requestOf(name: CallName, { params, query, body }: Parts, headers: Record<string, string>): Request {
  const { method = 'get', path = '' }: Call = calls[name];
  const named = new Map(entriesOf(params));
  const filled = path.replace(/:(\w+)/g, (_, key: string) => inAddress(named.get(key)));
  const asked = entriesOf(query).map(([key, value]) => `${inAddress(key)}=${inAddress(value)}`);
  return {
    method: method.toUpperCase(),
    path: `/api/v1${filled}${asked.length > 0 ? `?${asked.join('&')}` : ''}`,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    body,
  };
}
