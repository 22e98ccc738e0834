import type { Context } from 'egg';
import type { Actor } from '../lib/auth/actor';
import { AppError } from '../schema/errors';
import { calls, payloadOf, type Call, type CallName, type Data, type Input } from '../schema/calls';
import { decoderOfAll } from '../schema/decode';
import { validate, validateQuery, withDefaults } from '../schema/validate';

const ACTOR = Symbol('egg-im#actor');

/** The files of config/locale, by the language they are in. */
const LOCALES = new Map([
  ['en', 'en-us'],
  ['zh', 'zh-cn'],
]);
const ENGLISH = 'en-us';

/** What a call is answered with: the body of a REST call, and beside `ok: true` the ack of an event. */
export interface Answer {
  readonly data: unknown;
  readonly nextCursor?: string;
}

/** Every REST call may say `lang`, the language of its failures. */
function withoutLang(query: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(query).filter(([name]) => name !== 'lang'));
}

function inputOfRequest(ctx: Context, { params, query, body }: Call): object {
  return {
    ...(params && validateQuery(params, ctx.params as Record<string, unknown>)),
    ...(query && validateQuery(query, withoutLang(ctx.query))),
    ...(body && (validate(body, ctx.request.body) as object)),
  };
}

const payloads = new Map<Call, ReturnType<typeof payloadOf>>();

function inputOfEvent(payload: unknown, call: Call): unknown {
  if (!call.params && !call.query && !call.body) return {};
  let schema = payloads.get(call);
  if (!schema) payloads.set(call, (schema = payloadOf(call)));
  return validate(schema, call.query ? withDefaults(call.query, payload) : payload);
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

  /**
   * The file of config/locale with the sentences for this caller: in the language that `lang` names, else in the first of
   * the header Accept-Language that there is, else in English.
   */
  localeFor(lang: string = ''): string {
    const ctx = this as unknown as Context;
    const wanted = [lang, ...ctx.acceptsLanguages()].map(each => /^[a-z]+/i.exec(each)?.[0].toLowerCase() ?? '');
    return wanted.map(each => LOCALES.get(each)).find(each => each !== undefined) ?? ENGLISH;
  },

  /** The validated input of a call, of a request or of an event. Throws INVALID_INPUT. */
  input<N extends CallName>(name: N): Input<N> {
    const ctx = this as unknown as Context & { args?: unknown[] };
    const call: Call = calls[name];
    const { params, query, body } = call;
    const input = ctx.args ? inputOfEvent(ctx.args[0], call) : inputOfRequest(ctx, call);
    return decoderOfAll([params, query, body].filter(part => part !== undefined))(input) as Input<N>;
  },

  /** The answer of a call. */
  reply<N extends CallName>(_name: N, data: Data<N>, nextCursor?: string): Answer {
    return { data, ...(nextCursor && { nextCursor }) };
  },
};

export default extension;

declare module 'egg' {
  interface Context {
    actor: Actor;
    socket: import('../lib/stream/publisher').ImSocket;
    localeFor: typeof extension.localeFor;
    input: typeof extension.input;
    reply: typeof extension.reply;
  }
}
