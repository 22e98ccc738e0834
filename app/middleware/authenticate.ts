import type { Context } from 'egg';
import { AppError } from '../schema/errors';

export function bearerOf(ctx: Context): string | undefined {
  return /^Bearer (\S+)$/i.exec(ctx.get('authorization'))?.[1];
}

/** Who calls a REST call, by its bearer token. */
export default () => async (ctx: Context, next: () => Promise<unknown>) => {
  const token = bearerOf(ctx);
  if (!token) throw new AppError('UNAUTHENTICATED');
  ctx.actor = await ctx.service.account.session.authenticate(token);
  await next();
};
