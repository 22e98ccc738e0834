import type { Context } from 'egg';
import { AppError } from '../lib/errors';

/** Who calls a REST call, by its bearer token. */
export default () => async (ctx: Context, next: () => Promise<unknown>) => {
  const [, token] = /^Bearer (\S+)$/i.exec(ctx.get('authorization')) ?? [];
  if (!token) throw new AppError('UNAUTHENTICATED');
  ctx.actor = await ctx.service.session.authenticate(token);
  await next();
};
