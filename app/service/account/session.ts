import { Service } from 'egg';
import { randomUUID } from 'node:crypto';
import { Op, type Transaction, type WhereOptions } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { AppError } from '../../schema/errors';
import { newSecretId } from '../../lib/database/ids';
import { presentSession } from '../../presenter/session';
import { roomOfSession } from '../../lib/stream/publisher';
import type { DeviceModel } from '../../model/device';
import type { UserModel } from '../../model/user';
import type { Session } from '../../schema/user';

type Reason = 'logout' | 'replaced' | 'revoked';

/** A session is one login on one device; the device's row names the session that lives. */
export default class SessionService extends Service {
  /** Begins a session; by policy those of other devices, and always the one this device had, end. */
  async open(user: UserModel, deviceId: string = randomUUID(), platform = 'other'): Promise<Session> {
    const { app } = this;
    const { devicePolicy } = app.config.im;
    const actor: Actor = { app: user.app, userId: user.id, deviceId, sessionId: newSecretId() };
    const refreshId = newSecretId();
    const scope: WhereOptions =
      devicePolicy === 'single'
        ? {}
        : devicePolicy === 'platform'
          ? { [Op.or]: [{ platform }, { deviceId }] }
          : { deviceId };
    const ended = await app.engine.transact(async unit => {
      const { transaction } = unit.session;
      // Logins of one user, and changes of the password, wait for each other: each has to see the sessions that it ends.
      const now = await app.model.User.findByPk(user.id, { attributes: ['passwordHash'], lock: true, transaction });
      if (now?.passwordHash !== user.passwordHash) throw new AppError('WRONG_CREDENTIALS');
      const sessionIds = await this.end(user.id, scope, transaction);
      const { sessionId } = actor;
      const row = { userId: user.id, deviceId, platform, sessionId, refreshId, lastSeenAt: await unit.now() };
      await app.model.Device.upsert(row, { transaction });
      return sessionIds;
    });
    this.tell(ended, 'replaced');
    return this.answer(user, actor, refreshId);
  }

  /** Changes a refresh token for new tokens. One that was used before ends the session: somebody else may have it. */
  async refresh(refreshToken: string): Promise<Session> {
    const { app } = this;
    const { refreshId, ...actor } = app.tokens.verify('refresh', refreshToken);
    const { userId, deviceId, sessionId } = actor;
    const next = newSecretId();
    const [won] = await app.model.Device.update(
      { refreshId: next },
      { where: { userId, deviceId, sessionId, refreshId } },
    );
    if (won === 0) {
      await this.close(userId, { sessionId }, 'revoked');
      throw new AppError('SESSION_CLOSED');
    }
    const user = await app.model.User.findByPk(userId);
    if (!user) throw new AppError('UNAUTHENTICATED');
    return this.answer(user, actor, next);
  }

  /** The actor of an access token, and what its device is. Throws TOKEN_EXPIRED, UNAUTHENTICATED, SESSION_CLOSED. */
  async authenticate(accessToken: string): Promise<Actor & { readonly platform: string }> {
    const { app, userId, deviceId, sessionId } = this.app.tokens.verify('access', accessToken);
    const device = await this.app.model.Device.findOne({
      where: { userId, deviceId },
      attributes: ['sessionId', 'platform'],
      raw: true,
    });
    if (device?.sessionId !== sessionId) throw new AppError('SESSION_CLOSED');
    return { app, userId, deviceId, sessionId, platform: device.platform };
  }

  /** Ends the user's sessions that match, tells their devices why, and disconnects them. */
  async close(userId: number, where: WhereOptions<DeviceModel>, reason: Reason): Promise<void> {
    this.tell(await this.end(userId, where), reason);
  }

  /** Sets a new password and ends the sessions of all other devices. */
  async replacePassword({ userId, deviceId }: Actor, passwordHash: string): Promise<void> {
    const ended = await this.app.engine.transact(async unit => {
      const { transaction } = unit.session;
      await this.app.model.User.update({ passwordHash }, { where: { id: userId }, transaction });
      return this.end(userId, { deviceId: { [Op.ne]: deviceId } }, transaction);
    });
    this.tell(ended, 'revoked');
  }

  /** Returns the ids of the sessions that it has ended. */
  private async end(userId: number, where: WhereOptions<DeviceModel>, transaction?: Transaction): Promise<string[]> {
    const { Device } = this.app.model;
    const devices = await Device.findAll({
      where: { userId, sessionId: { [Op.ne]: null }, [Op.and]: where },
      raw: true,
      transaction,
    });
    const sessionIds = devices.map(each => each.sessionId!);
    if (sessionIds.length === 0) return [];
    await Device.update(
      { sessionId: null, refreshId: null },
      { where: { userId, sessionId: sessionIds }, transaction },
    );
    return sessionIds;
  }

  private tell(sessionIds: readonly string[], reason: Reason): void {
    if (sessionIds.length === 0) return;
    const rooms = sessionIds.map(roomOfSession);
    const namespace = this.app.io.of('/im');
    namespace.in(rooms).emit('session:closed', { reason });
    // Those of this node even when Redis, through which the adapter hears itself, is away.
    namespace.local.in(rooms).disconnectSockets(true);
    namespace.in(rooms).disconnectSockets(true);
  }

  private answer(user: UserModel, actor: Actor, refreshId: string): Session {
    return presentSession(user, actor.deviceId, this.app.tokens.issue(actor, refreshId));
  }
}
