import type { Context } from 'egg';
import { roomOfSession, roomOfUser } from '../../lib/push';

const FIRST_PAGE = 200;

/** The life of a connection: listen for the user's entries, tell where the stream stands, send what a device that named its cursor lacks. */
export default () => async (ctx: Context, next: () => Promise<unknown>) => {
  const { socket } = ctx;
  const { userId, sessionId } = socket.data;
  ctx.actor = socket.data;
  // Joined before the head is read, so that an entry is in one of the two.
  await socket.join([roomOfUser(userId), roomOfSession(sessionId)]);
  socket.conn.on('drain', () => (socket.data.unsent = 0));
  const connected = next();
  await greet(ctx).catch((error: unknown) => ctx.logger.warn(error));
  await connected;
};

async function greet(ctx: Context): Promise<void> {
  const { socket, service } = ctx;
  const { head, first } = await service.sync.head(socket.data.userId);
  socket.emit('sync:head', { head, first });
  socket.data.head = Math.max(socket.data.head, head);
  const after = Number(socket.handshake.auth.after ?? socket.handshake.query.after ?? NaN);
  if (!Number.isSafeInteger(after) || after < first - 1 || after >= head) return;
  const { entries } = await service.sync.pull(ctx.actor, after, FIRST_PAGE);
  socket.emit('sync:push', { entries });
}
