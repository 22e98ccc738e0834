import { Service } from 'egg';
import { randomUUID } from 'node:crypto';
import type { Account } from '../../lib/auth/accounts';
import type { Actor } from '../../lib/auth/actor';
import { AppError } from '../../schema/errors';
import { newSecretId } from '../../lib/database/ids';
import { presentDevice } from '../../presenter/device';
import { presentSession } from '../../presenter/session';
import { roomOfSession } from '../../lib/stream/publisher';
import { pageOf, type Page } from '../../schema/page';
import type { Device, ListSessions, Session } from '../../schema/user';
import type { SessionClosed } from '../../schema/sync';

/** A session is one login on one device; the device's row names the session that lives. */
export default class SessionService extends Service {
  /** Begins a session; by policy those of other devices, and always the one this device had, end. */
  async open(user: Account, deviceId: string = randomUUID(), platform = 'other'): Promise<Session> {
    const { engine, config } = this.app;
    const ids = { sessionId: newSecretId(), refreshId: newSecretId() };
    const ended = await engine.sessions.open(user, { deviceId, platform, ...ids }, config.im.devicePolicy);
    this.tell(ended, 'replaced');
    return this.answer(user, { deviceId, ...ids });
  }

  /**
   * Changes a refresh token for new tokens, again for a while when the answer is lost. One that was used before, or is used by
   * another device, ends the session: somebody else may have it.
   */
  async refresh(refreshToken: string, deviceId?: string): Promise<Session> {
    const { tokens, engine } = this.app;
    const { refreshId: used, ...actor } = tokens.verify('refresh', refreshToken);
    const isOwn = deviceId === undefined || deviceId === actor.deviceId;
    const refreshId = isOwn && used ? await engine.sessions.refresh(actor, used, newSecretId()) : undefined;
    if (!refreshId) {
      await this.end(actor, 'revoked');
      throw new AppError('SESSION_CLOSED');
    }
    const user = await engine.accounts.findById(actor.userId);
    if (!user) throw new AppError('UNAUTHENTICATED');
    return this.answer(user, { ...actor, refreshId });
  }

  /** The actor of an access token, and what its device is. Throws TOKEN_EXPIRED, UNAUTHENTICATED, SESSION_CLOSED. */
  async authenticate(accessToken: string): Promise<Actor & { readonly platform: string }> {
    const { app, userId, deviceId, sessionId } = this.app.tokens.verify('access', accessToken);
    const actor = { app, userId, deviceId, sessionId };
    const platform = await this.app.engine.sessions.platformOf(actor);
    if (platform === undefined) throw await this.closed(userId);
    return { ...actor, platform };
  }

  /** Who was away when the account was deleted learns it so. */
  private async closed(userId: number): Promise<AppError> {
    const isThere = await this.app.engine.accounts.findById(userId);
    return new AppError('SESSION_CLOSED', isThere ? undefined : ({ reason: 'deleted' } satisfies SessionClosed));
  }

  /** Ends a session, tells its device why, and disconnects it. */
  async end({ userId, sessionId }: Actor, reason: SessionClosed['reason']): Promise<void> {
    this.tell(await this.app.engine.sessions.end(userId, { sessionId }), reason);
  }

  /** Own devices that are logged in. */
  async list({ userId, deviceId }: Actor, { cursor = '', limit }: ListSessions): Promise<Page<Device>> {
    const devices = await this.app.engine.sessions.list(userId, cursor, limit);
    const items = devices.map(device => presentDevice(device, deviceId));
    return pageOf(items, devices, limit, last => last.deviceId);
  }

  /** Ends the session of an own device, if it has one. */
  async endDevice({ userId, deviceId: own }: Actor, deviceId: string): Promise<void> {
    this.tell(await this.app.engine.sessions.end(userId, { deviceId }), deviceId === own ? 'logout' : 'revoked');
  }

  /** Sets a new password and ends all sessions but the actor's, which goes on with new tokens. */
  async replacePassword(user: Account, actor: Actor, passwordHash: string): Promise<Session> {
    const ids = { sessionId: newSecretId(), refreshId: newSecretId() };
    this.tell(await this.app.engine.sessions.replacePassword(user, actor, passwordHash, ids), 'password');
    return this.answer(user, { deviceId: actor.deviceId, ...ids });
  }

  /** Ends an account, and all its sessions. Throws WRONG_CREDENTIALS. */
  async destroy(user: Account, address: string): Promise<void> {
    const { passwords, sessions } = this.app.engine;
    const passwordHash = await passwords.hash(address, newSecretId());
    this.tell(await sessions.destroy(user, passwordHash), 'deleted');
  }

  private tell(sessionIds: readonly string[], reason: SessionClosed['reason']): void {
    if (sessionIds.length === 0) return;
    const rooms = sessionIds.map(roomOfSession);
    const namespace = this.app.io.of('/im');
    namespace.in(rooms).emit('session:closed', { reason });
    // After the answer to the call that has ended them, which may go to one of these sockets.
    setImmediate(() => {
      // Those of this node even when Redis, through which the adapter hears itself, is away.
      namespace.local.in(rooms).disconnectSockets(true);
      namespace.in(rooms).disconnectSockets(true);
    });
  }

  private answer(
    user: Account,
    { deviceId, sessionId, refreshId }: Record<'deviceId' | 'sessionId' | 'refreshId', string>,
  ): Session {
    const actor: Actor = { app: user.app, userId: user.id, deviceId, sessionId };
    return presentSession(user, deviceId, this.app.tokens.issue(actor, refreshId));
  }
}
