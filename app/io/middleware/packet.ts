import type { Context } from 'egg';
import type { Answer } from '../../extend/context';
import { AppError } from '../../lib/errors';
import { clientEvents } from '../../schema/events';

/** Every packet is answered here when it fails: without this the client would get the raw error, or nothing. */
export default () => async (ctx: Context, next: () => Promise<unknown>) => {
  const [event, ...args] = ctx.packet as [unknown, ...unknown[]];
  try {
    if (typeof event !== 'string' || !Object.hasOwn(clientEvents, event)) throw new AppError('UNKNOWN_EVENT');
    ctx.actor = ctx.socket.data;
    await next();
  } catch (error) {
    const failure = ctx.app.failureOf(error, ctx.socket.data.lang);
    const ack = args.at(-1);
    if (typeof ack === 'function') (ack as Answer)({ ok: false, error: failure });
    else ctx.socket.emit('request:failed', { event: typeof event === 'string' ? event : '', error: failure });
  }
};
