import type { Application, Context } from 'egg';
import { finished } from 'node:stream/promises';
import type { Message } from '../../schema/message';
import { ask } from '../ask';
import { displayTime } from '../../schema/display_time';
import { placeOf } from '../message_id';
import { userIdIn } from './payload';
import { sendMsgOf, type SendMsg } from './told';

const DAYS = 7;
const ROWS = 50;

/** A message of history; those that are sent have no time. */
interface Row extends SendMsg {
  /** As it is shown. */
  readonly time: string;
}

/** Serves what these clients ask for over HTTP. */
export function serveHistory({ router }: Application): void {
  router.get('/socketio/messages', authenticate, async (ctx: Context) => (ctx.body = await historyOf(ctx)));
  router.delete('/socketio/messages/:msgid', authenticate, async (ctx: Context) => {
    const { msgid } = ctx.params as { msgid: string };
    const { conversationId, seq } = placeOf(msgid);
    ctx.body = await ask(ctx, deliveryOf(ctx), 'message.remove', { conversationId, seqs: [seq], for: 'both' });
  });
  router.get('/socketio/online', authenticate, async (ctx: Context) => {
    ctx.body = await ask(ctx, deliveryOf(ctx), 'presence.count', {});
  });
}

/** Those who can not send a header put the token into the query. */
async function authenticate(ctx: Context, next: () => Promise<unknown>): Promise<void> {
  ctx.actor = await ctx.service.account.session.authenticate(ctx.bearer ?? ctx.query.token);
  await next();
}

function deliveryOf({ req, res }: Context) {
  return { sent: () => finished(res), cut: () => req.socket.destroy() };
}

/** A page of what the caller and another user have written to each other in seven days, the oldest first. */
async function historyOf(ctx: Context): Promise<{ data: Row[]; nextCursor?: string }> {
  const { uid, cursor = Number.MAX_SAFE_INTEGER } = ctx.query;
  const peerId = Number(userIdIn(uid));
  const conversationId = await ctx.service.conversation.single.find(ctx.actor, peerId);
  if (conversationId === undefined) return { data: [] };
  const page = await ask(ctx, deliveryOf(ctx), 'message.index', {
    conversationId: String(conversationId),
    from: new Date(Date.now() - DAYS * 86_400_000).toISOString(),
    // The latest first, and from a place on those before it.
    before: Number(cursor),
    limit: ROWS,
  });
  return { ...page, data: await rowsOf(ctx, page.data, [ctx.actor.userId, peerId]) };
}

async function rowsOf(ctx: Context, messages: readonly Message[], userIds: readonly number[]): Promise<Row[]> {
  const cards = await ctx.service.account.directory.batch(ctx.actor, userIds);
  return messages
    .filter(({ recalled }) => !recalled)
    .map(message => ({
      ...sendMsgOf(
        message,
        cards.find(({ id }) => id === message.senderId),
        ctx.origin,
      ),
      time: displayTime(message.sentAt, ctx.app.config.im.displayZone),
    }));
}
