import sentences from '../../../config/locale/en-US.json';
import { ERRORS, type ErrorCode } from '../../lib/errors';
import type { ClientEventName } from '../events';
import { rest, type Call, type CallName } from '../rest';

const codes = Object.keys(ERRORS) as ErrorCode[];

/** What any event, any call, and any call that is not open may be refused with. */
export const general = {
  event: ['INVALID_INPUT', 'INTERNAL', 'UNAVAILABLE'],
  call: ['INVALID_INPUT', 'TOO_LARGE', 'INTERNAL', 'UNAVAILABLE'],
  closedCall: ['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'SESSION_CLOSED'],
} as const;

/** The codes a call may be refused with, in the order of the table of errors. */
export function refusalsOfCall(name: CallName): ErrorCode[] {
  const { open, params, query, body }: Call = rest[name];
  const { call, closedCall } = general;
  const formed = params ?? query ?? body;
  const ofForm = call.filter(code => (code === 'TOO_LARGE' ? body : code === 'INVALID_INPUT' ? formed : true));
  return inOrder([...ofForm, ...(open ? [] : closedCall), ...particularOfCall(name)]);
}

/** The codes an event may be refused with. */
export function refusalsOfEvent(name: ClientEventName): ErrorCode[] {
  return inOrder([...general.event, ...particularOfEvent(name)]);
}

export function particularOfCall(name: CallName): ErrorCode[] {
  return inOrder((rest[name] as Call).refusals ?? []);
}

export function particularOfEvent(name: ClientEventName): ErrorCode[] {
  return particularOfCall(name.replace(':', '.') as CallName);
}

export function sentenceOf(code: ErrorCode): string {
  return sentences[code];
}

function inOrder(wanted: readonly ErrorCode[]): ErrorCode[] {
  return codes.filter(code => wanted.includes(code));
}
