import type { Context } from 'egg';
import { limitOf } from '../schema/calls/call';
import type { Delivery } from '../lib/queue/pages';
import { calls, payloadOf, type Call, type CallName, type Data, type Input } from '../schema/calls';
import { decoderOfAll } from '../schema/decode';
import { shownBy } from '../schema/display_time';
import { jsonList, type OrJson } from '../schema/json';
import type { LimitKind } from '../schema/limits';
import type { Page } from '../schema/page';
import { bounded, validate, validateQuery, withDefaults } from '../schema/validate';

/** What a call is answered with: the body of a REST call, and beside `ok: true` the ack of an event. */
export interface Answer {
  readonly data: unknown;
  readonly nextCursor?: string;
}

/** Answers a call, whatever transport it has come by. Throws INVALID_INPUT and what the use case throws. */
export type Action = (ctx: Context) => Promise<Answer>;

/** Egg's context without its index signature: what it does not have does not compile. */
export type ActionContext = { [K in keyof Context as string extends K ? never : K]: Context[K] };

type NounOf<N extends string> = N extends `${infer Noun}.${string}` ? Noun : never;
type Noun = NounOf<CallName>;
type VerbOf<N extends Noun, C extends string = CallName> = C extends `${N}.${infer Verb}` ? Verb : never;
type Named<N extends Noun, V extends string> = Extract<CallName, `${N}.${V}`>;

type Eventually<T> = T | Promise<T>;
/** What an action gives: a page of a call that is `paged`, nothing where `data` is `{}`, `data` of any other. */
type Reply<N extends CallName> = (typeof calls)[N] extends { readonly paged: true }
  ? Eventually<Page<Data<N> extends (infer T)[] ? T : never>>
  : [keyof Data<N>] extends [never]
    ? Eventually<void>
    : Eventually<OrJson<Data<N>>>;

type Handlers<N extends Noun> = {
  readonly [V in VerbOf<N>]: (ctx: ActionContext, input: Input<Named<N, V>>) => Reply<Named<N, V>>;
};
type Actions<N extends Noun> = Readonly<Record<VerbOf<N>, Action>>;
/** All of app/controller that answers calls. */
type Controllers = { readonly [N in Noun]: Actions<N> };

/** The controller of a noun: an action for each of its calls, which gets the valid input with its ids decoded. */
export function actions<N extends Noun>(noun: N, handlers: Handlers<N>): Actions<N> {
  const named: Readonly<Record<string, Call>> = calls;
  const made = Object.entries<Handler>(handlers).map(([verb, handle]) => {
    const call = named[`${noun}.${verb}`];
    const inputOf = readerOf(call);
    const kind = limitOf(call);
    const action: Action = async ctx => {
      // Before its input is looked at: what is too much costs nothing more.
      if (kind) await countCall(ctx, call, kind);
      return answerOf(call, await handle(ctx, inputOf(ctx) as never));
    };
    return [verb, action];
  });
  return Object.fromEntries(made) as Actions<N>;
}

/** Throws RATE_LIMITED. */
async function countCall(ctx: Context, { access }: Call, kind: LimitKind): Promise<void> {
  if (access !== 'open') await ctx.app.limits.take(kind, ctx.actor.userId);
  else if (!ctx.isAdmin) await ctx.app.limits.take(kind, ctx.address);
}

type Handler = (ctx: Context, input: never) => unknown;

/**
 * Answers a call by giving the answer away, with its times as a client in `zone` shows them; `delivery` tells when it has been
 * sent. Throws what the action throws, and BUSY.
 */
export type Respond = (ctx: Context, give: Give, delivery: Delivery, zone?: string) => Promise<unknown>;
/** Gives an answer to the transport. Returns how many characters it has. */
export type Give = (answer: Answer) => number;

/**
 * How a call is answered. One user's calls do not take the connections of the database from all others: each kind of them is
 * made a few at once, and users are served in turn.
 */
export function respondFor(controllers: Controllers, name: CallName): Respond {
  const action = actionFor(controllers, name);
  const { access = 'token', method, queues, long, data: schema }: Call = calls[name];
  const shown = shownBy(schema);
  return (ctx, give, delivery, zone) => {
    const make = async () => {
      const { data, ...rest } = await action.call(ctx, ctx);
      return give({ data: shown(data, zone), ...rest });
    };
    const { pages, lookups, changes } = ctx.app.engine;
    if (access !== 'token') return make();
    const { userId } = ctx.actor;
    const inTurn = () => (queues ? make() : (method === 'get' ? lookups : changes).run(userId, make));
    return long ? pages.answer(userId, inTurn, delivery) : inTurn();
  };
}

/** The action of a call. Throws when there is none: a service that lacks one does not start. */
export function actionFor(controllers: Controllers, name: CallName): Action {
  const nouns: Readonly<Record<string, Readonly<Record<string, Action | undefined>> | undefined>> = controllers;
  const [noun, verb] = name.split('.');
  const action = nouns[noun]?.[verb];
  if (!action) throw new Error(`app/controller/${noun}.ts has no action ${verb}`);
  return action;
}

function answerOf({ paged }: Call, reply: unknown): Answer {
  if (!paged) return { data: reply ?? {} };
  const { items, nextCursor } = reply as Page<unknown>;
  return { data: jsonList(items), ...(nextCursor && { nextCursor }) };
}

/** Reads the input of a call from a request, or from the event in whose context it is called. */
function readerOf(call: Call): (ctx: Context) => unknown {
  const { params, query, body } = call;
  const parts = [params, query, body].filter(part => part !== undefined);
  const decode = decoderOfAll(parts);
  const payload = payloadOf(call);
  const ofEvent = (value: unknown): unknown => {
    if (parts.length === 0) return {};
    const given = bounded(value);
    return validate(payload, query ? withDefaults(query, given) : given);
  };
  const ofRequest = (ctx: Context): unknown =>
    Object.assign(
      {},
      params && validateQuery(params, ctx.params),
      query && validateQuery(query, withoutLang(ctx.query)),
      body && validate(body, bounded(ctx.request.body)),
    );
  return ctx => decode(ctx.args ? ofEvent(ctx.args[0]) : ofRequest(ctx));
}

/** Every REST call may say `lang`, the language of its failures. */
function withoutLang(query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(query).filter(([name]) => name !== 'lang'));
}
