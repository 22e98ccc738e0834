import { asImError, ImError, noAnswer } from '../error.js';
import { routes, type Failure, type Inputs, type Outputs } from '../protocol.js';
import type { Http, HttpAnswer } from './http.js';

export type RestCall = keyof typeof routes;

const TIMEOUT_MS = 15_000;

/** Calls of REST, with JSON both ways. */
export class Rest {
  constructor(
    /** Where the server is, without a slash at the end. */
    readonly origin: string,
    private readonly http: Http,
    private readonly lang?: string,
  ) {}

  /** One of the calls that are no events. Rejects with an ImError. */
  async call<N extends RestCall>(name: N, input: Inputs[N], token?: string): Promise<Outputs[N]> {
    const [method, path] = routes[name];
    const answer = await this.send({
      method,
      url: `${this.origin}/api/v1${path}`,
      headers: { ...(method === 'POST' && { 'content-type': 'application/json' }), ...bearer(token) },
      ...(method === 'POST' && { body: JSON.stringify(input) }),
      timeoutMs: TIMEOUT_MS,
    });
    return dataOf(answer) as Outputs[N];
  }

  /** Any request, in the language of the client. Rejects with NO_ANSWER when none comes. */
  async send(request: Parameters<Http>[0]): Promise<HttpAnswer> {
    if (request.signal?.aborted) throw new ImError('CANCELLED');
    const headers = { ...(this.lang && { 'accept-language': this.lang }), ...request.headers };
    try {
      return await this.http({ ...request, headers });
    } catch (error) {
      throw request.signal?.aborted ? new ImError('CANCELLED') : asImError(error);
    }
  }
}

export const bearer = (token?: string): Record<string, string> => (token ? { authorization: `Bearer ${token}` } : {});

/** The `data` of an answer; throws the failure that it is instead. */
export function dataOf({ status, text }: HttpAnswer): unknown {
  const answer = jsonOf(text);
  if (answer?.error) throw ImError.of(answer.error);
  // What has no such form was answered by something between here and the server.
  if (status >= 400 || !answer) throw noAnswer();
  return answer.data;
}

function jsonOf(text: string): { readonly data?: unknown; readonly error?: Failure } | undefined {
  try {
    return JSON.parse(text) as { data?: unknown; error?: Failure };
  } catch {
    return undefined;
  }
}
