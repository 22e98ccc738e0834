import type { Context } from 'egg';
import { AppError, ERRORS } from '../schema/errors';

/** The codes for what Egg itself refuses before a controller is reached: a broken or too large body, say. */
const codes = new Map<number | undefined, AppError['code']>([
  [400, 'INVALID_INPUT'],
  [413, 'TOO_LARGE'],
  [415, 'INVALID_INPUT'],
]);

/** Every failure of a REST call is answered here, in one shape. */
export default () => async (ctx: Context, next: () => Promise<unknown>) => {
  try {
    ctx.res.once('close', ctx.app.calls.begin());
    await next();
    // Whatever the body: Egg has put a page of its own there.
    if (ctx.status === 404) throw new AppError('NOT_FOUND');
  } catch (error) {
    const code = error instanceof AppError ? undefined : codes.get((error as { status?: number }).status);
    const known = code ? new AppError(code) : error;
    const failure = ctx.app.failureOf(known, ctx.localeFor(ctx.query.lang));
    ctx.status = ERRORS[failure.code].status;
    if (failure.retryAfterMs) ctx.set('retry-after', String(Math.ceil(failure.retryAfterMs / 1000)));
    ctx.body = { error: failure };
  }
};
