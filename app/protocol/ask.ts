import type { Context } from 'egg';
import { respondFor, type Answer } from '../extend/action';
import type { Delivery } from '../lib/queue/pages';
import type { CallName, Data, WireInput } from '../schema/calls';
import { textOf } from '../schema/json';

interface Asked<T> {
  readonly data: T;
  readonly nextCursor?: string;
}

/** Makes a call in the name of a context's actor, counted and in turn as any other. Throws what the call throws. */
export async function ask<N extends CallName>(
  ctx: Context,
  delivery: Delivery,
  name: N,
  input: WireInput<N>,
): Promise<Asked<Data<N>>> {
  const answers: Answer[] = [];
  const give = (answer: Answer) => {
    answers.push(answer);
    return textOf(answer.data).length;
  };
  const asking = Object.assign(Object.create(ctx) as Context, { args: [input] });
  await respondFor(ctx.app.controller, name)(asking, give, delivery);
  const [{ data, nextCursor }] = answers;
  return { data: JSON.parse(textOf(data)) as Data<N>, ...(nextCursor && { nextCursor }) };
}
