import { KindGuard, type Static, type TSchema } from '@sinclair/typebox';
import { accountCalls } from './calls/account';
import type { Call } from './calls/call';
import { contactCalls } from './calls/contact';
import { conversationCalls } from './calls/conversation';
import { groupCalls } from './calls/group';
import { limitsCalls } from './calls/limits';
import { mediaCalls } from './calls/media';
import { messageCalls } from './calls/message';
import { noticeCalls } from './calls/notice';
import { presenceCalls } from './calls/presence';
import { syncCalls } from './calls/sync';
import { Closed, keysOf } from './common';
import type { Decoded } from './decode';

export type { Call };

/** Named `controller.action`: REST call and event `controller:action` are answered by the same action of app/controller. */
export const calls = {
  ...accountCalls,
  ...contactCalls,
  ...conversationCalls,
  ...messageCalls,
  ...groupCalls,
  ...presenceCalls,
  ...noticeCalls,
  ...mediaCalls,
  ...syncCalls,
  ...limitsCalls,
} satisfies Record<string, Call>;

export type CallName = keyof typeof calls;

type Sent<C, P extends string> = C extends Record<P, infer S extends TSchema> ? Static<S> : unknown;
type Taken<C, P extends string> = C extends Record<P, infer S extends TSchema> ? Decoded<S> : unknown;

/** What a call is sent, whatever the transport: parameters of path and query and the body side by side. */
export type WireInput<N extends CallName> = Sent<(typeof calls)[N], 'params'> &
  Sent<(typeof calls)[N], 'query'> &
  Sent<(typeof calls)[N], 'body'>;
/** The same as an action takes it: ids are numbers. */
export type Input<N extends CallName> = Taken<(typeof calls)[N], 'params'> &
  Taken<(typeof calls)[N], 'query'> &
  Taken<(typeof calls)[N], 'body'>;
export type Data<N extends CallName> = Static<(typeof calls)[N]['data']>;

type Restricted = { readonly access: string } | { readonly restOnly: true };
/** The calls that are events, too. */
export type EventCall = { [N in CallName]: (typeof calls)[N] extends Restricted ? never : N }[CallName];
/** `noun:verb` of `noun.verb` */
export type EventOf<N extends CallName> = N extends `${infer Noun}.${infer Verb}` ? `${Noun}:${Verb}` : never;

export const callNames = keysOf(calls);

/** The event of a call, `noun:verb`; undefined when it has none. */
export function eventOf(name: CallName): string | undefined {
  const { access, restOnly }: Call = calls[name];
  return access || restOnly ? undefined : name.replace('.', ':');
}

/** The payload of a call's event: all its input as one object. */
export function payloadOf({ params, query, body }: Call): TSchema {
  const parts = [params, query, body].filter(part => part !== undefined);
  if (parts.length === 1) return parts[0];
  return Closed(Object.fromEntries(parts.filter(KindGuard.IsObject).flatMap(part => Object.entries(part.properties))));
}
