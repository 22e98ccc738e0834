import type { Static, TSchema } from '@sinclair/typebox';
import type { Context } from 'egg';
import type { Actor } from '../lib/actor';
import { AppError } from '../lib/errors';
import { clientEvents, type ClientEventName } from '../schema/events';
import { rest, type Call, type CallName } from '../schema/rest';
import { validate, validateQuery } from '../schema/validate';

const ACTOR = Symbol('egg-im#actor');

type Part<C, P extends string> = C extends Record<P, infer S extends TSchema> ? Static<S> : undefined;
type Payload<N extends ClientEventName> = Static<(typeof clientEvents)[N]['payload']>;
/** What the action for an event resolves with. */
export type EventData<N extends ClientEventName> = Static<(typeof clientEvents)[N]['data']>;

export interface Input<N extends CallName> {
  readonly params: Part<(typeof rest)[N], 'params'>;
  readonly query: Part<(typeof rest)[N], 'query'>;
  readonly body: Part<(typeof rest)[N], 'body'>;
}

/** Every call may say `lang`, the language of its failures. */
function withoutLang(query: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(query).filter(([name]) => name !== 'lang'));
}

/** Added to Egg's context: what every controller does before and after its one service call. */
const extension = {
  /** Who is calling. Throws UNAUTHENTICATED where nobody has logged in. */
  get actor(): Actor {
    const { [ACTOR]: actor } = this as { [ACTOR]?: Actor };
    if (!actor) throw new AppError('UNAUTHENTICATED');
    return actor;
  },

  set actor(actor: Actor) {
    (this as { [ACTOR]?: Actor })[ACTOR] = actor;
  },

  /** The validated input of a REST call. Throws INVALID_INPUT. */
  input<N extends CallName>(name: N): Input<N> {
    const ctx = this as unknown as Context;
    const { params, query, body }: Call = rest[name];
    return {
      params: params && validate(params, ctx.params),
      query: query && validateQuery(query, withoutLang(ctx.query)),
      body: body && validate(body, ctx.request.body),
    } as Input<N>;
  },

  /** Answers a REST call. */
  reply<N extends CallName>(_name: N, data: Static<(typeof rest)[N]['data']>, nextCursor?: string): void {
    (this as unknown as Context).body = { data, ...(nextCursor && { nextCursor }) };
  },

  /** The validated payload of an event. Throws INVALID_INPUT. */
  payload<N extends ClientEventName>(name: N): Payload<N> {
    const [payload] = (this as unknown as Context).args as unknown[];
    return validate(clientEvents[name].payload, payload);
  },
};

export default extension;

declare module 'egg' {
  interface Context {
    actor: Actor;
    socket: import('../lib/push').ImSocket;
    input: typeof extension.input;
    reply: typeof extension.reply;
    payload: typeof extension.payload;
  }
}
