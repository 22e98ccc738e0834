import sentences from '../../../config/locale/en-US.json';
import { ERRORS, type ErrorCode } from '../../lib/errors';
import type { ClientEventName } from '../events';
import { rest, type Call, type CallName } from '../rest';

const MEMBER = ['CONVERSATION_NOT_FOUND', 'NOT_A_MEMBER'] as const;
const SEND = [...MEMBER, 'FORBIDDEN', 'TOO_LARGE', 'BUSY'] as const;

/** The codes that a call has beside those which follow from its form; the event of the same name has them too. */
const particular: Partial<Record<CallName, readonly ErrorCode[]>> = {
  'auth.register': ['ACCOUNT_TAKEN'],
  'auth.login': ['WRONG_CREDENTIALS', 'TOO_MANY_ATTEMPTS'],
  'auth.refresh': ['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'SESSION_CLOSED'],
  'auth.password': ['WRONG_CREDENTIALS', 'TOO_MANY_ATTEMPTS'],
  'user.show': ['USER_NOT_FOUND'],
  'conversation.show': MEMBER,
  'conversation.read': [...MEMBER, 'BUSY'],
  'message.index': MEMBER,
  'message.create': SEND,
  'message.send': ['USER_NOT_FOUND', ...SEND],
  'group.create': ['USER_NOT_FOUND', 'GROUP_FULL'],
  'group.show': MEMBER,
  'group.members': MEMBER,
  'group.add': [...MEMBER, 'FORBIDDEN', 'USER_NOT_FOUND', 'GROUP_FULL'],
  'group.remove': [...MEMBER, 'FORBIDDEN'],
  'group.leave': MEMBER,
  'sync.ack': ['BUSY'],
};

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
  return inOrder(particular[name] ?? []);
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
