import { general, refusalsOfCall, refusalsOfEvent } from '../../app/documents/refusals';
import { calls, payloadOf, type Call, type CallName } from '../../app/schema/calls';
import { ERRORS, type ErrorCode } from '../../app/schema/errors';
import { Failure } from '../../app/schema/events';
import { checkOf, isObject, withDefaults } from '../../app/schema/validate';
import { mismatch } from './documented';
import type { Answer } from './rest';
import type { Told } from './socket';

/** What is wrong with an answer, if anything, and the code it was refused with, `OK` when it was not. */
export interface Verdict {
  readonly code: string;
  readonly offence?: string;
  /** The answer itself, when it is one of success. */
  readonly success?: { readonly data: unknown; readonly nextCursor?: string };
}

export const offence = (reason: string, code = 'OFFENCE'): Verdict => ({ code, offence: reason });

function codeOf(value: unknown): ErrorCode | undefined {
  return Object.keys(ERRORS).find((code): code is ErrorCode => code === value);
}

/** Of what a failure is told with. */
export function ofFailure(error: unknown, documented: readonly ErrorCode[]): Verdict {
  if (!isObject(error)) return offence('a failure that is none');
  const code = codeOf(error.code);
  if (!code || mismatch(Failure, error)) return offence('a failure that is not of the documented form');
  if (error.retryable !== ERRORS[code].retryable) return offence('retryable is not as documented', code);
  if (code === 'INTERNAL') return offence('INTERNAL', code);
  return documented.includes(code) ? { code } : offence(`${code} is not documented for it`, code);
}

/** What is promised of a success. */
export type Promised = Pick<Call, 'data' | 'paged'>;

function ofSuccess({ data: schema, paged }: Promised, answer: Record<string, unknown>): Verdict {
  const { data, nextCursor } = answer;
  const wrong = mismatch(schema, data);
  if (wrong) return offence(`data: ${wrong}`);
  if (nextCursor !== undefined && !(paged && typeof nextCursor === 'string')) return offence('a cursor that is none');
  return { code: 'OK', success: { data, ...(typeof nextCursor === 'string' && { nextCursor }) } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Of the answer to a call over HTTP. `also`: codes that this request, which is not quite one of that call, may be refused with. */
export function judgeRest(name: CallName, answer: Answer | undefined, also: readonly ErrorCode[] = []): Verdict {
  return judgeAnswer(answer, calls[name], [...refusalsOfCall(name), ...also]);
}

export function judgeAnswer(answer: Answer | undefined, promised: Promised, codes: readonly ErrorCode[]): Verdict {
  const body = answer && parsed(answer.text);
  return answer?.status === 200 && isObject(body) ? ofSuccess(promised, body) : judgeRefusal(answer, codes);
}

/** Of an answer that can only be a refusal. */
export function judgeRefusal(answer: Answer | undefined, codes: readonly ErrorCode[]): Verdict {
  if (!answer) return offence('no answer');
  const body = parsed(answer.text);
  if (!isObject(body)) return offence(`${answer.status} without a code`);
  const verdict = ofFailure(body.error, codes);
  const code = codeOf(verdict.code);
  if (!code || verdict.offence || ERRORS[code].status === answer.status) return verdict;
  return offence(`${answer.status} with ${code}`);
}

/** Of what became of the event of a call. `payload`: what it was sent, as JSON; undefined when that is not known. */
export function judgeEvent(name: CallName, told: Told, payload: string | undefined): Verdict {
  const verdict = judgeTold(told, refusalsOfEvent(name), calls[name]);
  if (!verdict.success || payload === undefined) return verdict;
  const call: Call = calls[name];
  // Calls without any input take whatever comes with their event.
  if (!call.params && !call.query && !call.body) return verdict;
  const value = parsed(payload);
  const check = checkOf(payloadOf(call));
  const error = check.Errors(call.query ? withDefaults(call.query, value) : value).First();
  return error ? offence(`accepted what its schema refuses: ${error.path} ${error.message}`) : verdict;
}

/** Of an ack; where nothing is promised it can only be a refusal. */
export function judgeTold(told: Told, codes: readonly ErrorCode[], promised?: Promised): Verdict {
  if (told === 'closed') return offence('the connection was closed');
  if (told === 'nothing') return offence('no answer');
  if (told === 'cut') return { code: told };
  // A connection may be refused for a while; who looks at the counts sees whether it is for long.
  if (told === 'refused') return { code: told };
  const { ack } = told;
  if (!isObject(ack)) return offence('an ack that is no object');
  if (ack.ok !== true) return ofFailure(ack.error, codes);
  return promised ? ofSuccess(promised, ack) : offence('it was accepted');
}

/** What any request with a body may be refused with. */
export const ANY_REQUEST: readonly ErrorCode[] = [...general.any, ...general.rest, ...general.body];
