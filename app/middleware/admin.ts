import type { Context } from 'egg';
import { createHash, timingSafeEqual } from 'node:crypto';
import { AppError } from '../schema/errors';
import { bearerOf } from './authenticate';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Lets in who shows the admin token of the settings, compared in constant time; nobody when none is set. */
export default () => async (ctx: Context, next: () => Promise<unknown>) => {
  const { adminToken } = ctx.app.config.im;
  const shown = bearerOf(ctx);
  if (!adminToken || !shown || !timingSafeEqual(digest(shown), digest(adminToken))) {
    throw new AppError('UNAUTHENTICATED');
  }
  await next();
};
