import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ERRORS, type ErrorCode } from '../../app/schema/errors';
import { assertFailure, type Failure } from './refusal';
import { url } from './service';

export interface RawAnswer {
  readonly status: number;
  /** Status line and headers. */
  readonly head: string;
  readonly body: string;
}

/** A connection that has written a text as it is, which need not be HTTP. */
export function dial(text: string, port = Number(new URL(url()).port)): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.write(text);
  return socket;
}

/** What the server answers to such a text, once it has closed the connection. */
export async function answerTo(text: string, port?: number): Promise<RawAnswer> {
  const socket = dial(text, port);
  let answer = '';
  socket.on('data', part => (answer += part.toString()));
  await once(socket, 'close');
  const [head, body = ''] = answer.split('\r\n\r\n');
  return { status: Number(/^HTTP\/1\.1 (\d+) /.exec(head)?.[1]), head, body };
}

/** The same, when that has to be a refusal with this code. */
export async function refusedRaw(text: string, code: ErrorCode, port?: number): Promise<RawAnswer> {
  const answer = await answerTo(text, port);
  assert.equal(answer.status, ERRORS[code].status, `${text.slice(0, 80)}: ${answer.head}`);
  assert.match(answer.head, /^content-type: application\/json/im);
  if (answer.body) assertFailure((JSON.parse(answer.body) as { error: Failure }).error, code);
  return answer;
}
