import type { Context } from 'egg';
import { setTimeout as sleep } from 'node:timers/promises';
import { Budget } from '../lib/queue/budget';
import { AppError, ERRORS } from '../schema/errors';

/** The codes for what is refused by what we have not written: a broken or too large body, a file that is not there. */
const codes = new Map<number | undefined, AppError['code']>([
  [400, 'INVALID_INPUT'],
  [403, 'FORBIDDEN'],
  [404, 'NOT_FOUND'],
  [413, 'TOO_LARGE'],
  [415, 'INVALID_INPUT'],
]);

/** Refusals of who asks for too much. Those of one address that come faster than this are answered later, so that they get fewer. */
const TOO_MUCH = new Set<AppError['code']>(['BUSY', 'RATE_LIMITED']);
const refusals = new Budget(20, 100);
const LATER_MS = 1000;

async function slowDown(address: string): Promise<void> {
  const ms = refusals.spend(address, 1);
  if (ms > 0) await sleep(Math.min(ms, LATER_MS), undefined, { ref: false });
}

/** Every failure of a REST call is answered here, in one shape. */
export default () => async (ctx: Context, next: () => Promise<unknown>) => {
  try {
    ctx.res.once('close', ctx.app.calls.begin());
    // As the standard has it. Node.js would say so without a code: config.httpServer.
    if (ctx.req.httpVersion === '1.1' && ctx.req.headers.host === undefined) throw new AppError('INVALID_INPUT');
    await next();
    // Whatever the body: Egg has put a page of its own there.
    if (ctx.status === 404) throw nothingAt(ctx);
  } catch (error) {
    const code = error instanceof AppError ? undefined : codes.get((error as { status?: number }).status);
    const known = code ? new AppError(code) : error;
    const failure = ctx.app.failureOf(known, ctx.localeFor(ctx.query.lang));
    ctx.status = ERRORS[failure.code].status;
    if (TOO_MUCH.has(failure.code)) await slowDown(ctx.address);
    if (failure.retryAfterMs) ctx.set('retry-after', String(Math.ceil(failure.retryAfterMs / 1000)));
    ctx.body = { error: failure };
  }
};

/** Why nothing has answered. Where another method would have been answered, the header Allow says which. */
function nothingAt(ctx: Context): AppError {
  const { path, pathAndMethod } = ctx.app.router.match(ctx.path, ctx.method);
  if (path.length === 0 || pathAndMethod.length > 0) return new AppError('NOT_FOUND');
  ctx.set('allow', [...new Set(path.flatMap(({ methods }) => methods))].sort().join(', '));
  return new AppError('METHOD_NOT_ALLOWED');
}
