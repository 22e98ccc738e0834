import type { Context } from 'egg';
import { AppError } from '../schema/errors';

/** Lets in who shows the admin token of the settings; nobody when none is set. */
export default () => async (ctx: Context, next: () => Promise<unknown>) => {
  if (!ctx.isAdmin) throw new AppError('UNAUTHENTICATED');
  await next();
};
