import sentences from '../../config/locale/en-US.json';
import { ERRORS, type ErrorCode } from '../schema/errors';
import { calls, type Call, type CallName } from '../schema/calls';

const codes = Object.keys(ERRORS) as ErrorCode[];

/** What any call, any REST call, any REST call with a body, and any REST call with a token may be refused with. */
export const general = {
  any: ['INVALID_INPUT', 'RATE_LIMITED', 'BUSY', 'INTERNAL', 'UNAVAILABLE'],
  rest: ['REQUEST_TIMEOUT', 'HEADERS_TOO_LARGE'],
  body: ['TOO_LARGE'],
  token: ['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'SESSION_CLOSED'],
} as const;

/** The codes a REST call may be refused with, in the order of the table of errors. */
export function refusalsOfCall(name: CallName): ErrorCode[] {
  const { access = 'token', body }: Call = calls[name];
  return inOrder([
    ...general.any,
    ...general.rest,
    ...(body ? general.body : []),
    ...(access === 'token' ? general.token : []),
    ...particularOf(name),
  ]);
}

/** The codes an event may be refused with. */
export function refusalsOfEvent(name: CallName): ErrorCode[] {
  return inOrder([...general.any, ...general.body, ...particularOf(name)]);
}

/** The codes of a call itself. */
export function particularOf(name: CallName): ErrorCode[] {
  return inOrder((calls[name] as Call).refusals ?? []);
}

export function sentenceOf(code: ErrorCode): string {
  return sentences[code];
}

function inOrder(wanted: readonly ErrorCode[]): ErrorCode[] {
  return codes.filter(code => wanted.includes(code));
}
