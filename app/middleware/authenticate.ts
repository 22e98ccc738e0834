import type { Context } from 'egg';
import { AppError } from '../schema/errors';

/** Who calls a REST call, by its bearer token. */
export default () => async (ctx: Context, next: () => Promise<unknown>) => {
  if (!ctx.bearer) throw new AppError('UNAUTHENTICATED');
  ctx.actor = await ctx.service.account.session.authenticate(ctx.bearer);
  await next();
};
