import { Service } from 'egg';
import type { ModelUnit } from '../../lib/engine';
import { presentCards, CARD_COLUMNS } from '../../presenter/card';
import { presentFriendRequest } from '../../presenter/friend_request';
import { presentUser } from '../../presenter/user';

/** Users who are told in one transaction. */
const TOLD = 500;

/** What a deleted user was to others. */
export default class PartingService extends Service {
  /** Ends friendships, requests and blocks of a deleted user, and tells the others. */
  async part(userId: number): Promise<void> {
    for (const step of [this.unfriend, this.withdraw, this.unblock]) {
      while ((await this.app.engine.transact(unit => step.call(this, unit, userId))) === TOLD);
    }
    while ((await this.app.model.Block.destroy({ where: { userId }, limit: TOLD })) === TOLD);
  }

  /** Index: friend PRIMARY. */
  private async unfriend(unit: ModelUnit, userId: number): Promise<number> {
    const { Friend, User } = this.app.model;
    const { transaction } = unit.session;
    const where = { userId };
    const rows = await Friend.findAll({ where, attributes: ['friendId'], limit: TOLD, transaction, raw: true });
    if (rows.length === 0) return 0;
    const receiverIds = rows.map(row => row.friendId);
    await Friend.destroy({ where: { userId: receiverIds, friendId: userId }, transaction });
    await Friend.destroy({ where: { userId, friendId: receiverIds }, transaction });
    const user = await User.findByPk(userId, { transaction, rejectOnEmpty: true });
    unit.record({ type: 'user.updated', receiverIds, data: { user: presentUser(user) } });
    unit.record({ type: 'friend.removed', receiverIds, data: { userId: String(userId) } });
    return rows.length;
  }

  /** Index: friend_request PRIMARY, friend_request_to. */
  private async withdraw(unit: ModelUnit, userId: number): Promise<number> {
    const { FriendRequest } = this.app.model;
    const { transaction } = unit.session;
    const include = ['from', 'to'].map(association => ({ association, attributes: CARD_COLUMNS }));
    const own = await FriendRequest.findAll({ where: { fromId: userId }, include, limit: TOLD, transaction });
    const others = await FriendRequest.findAll({
      where: { toId: userId },
      include,
      limit: TOLD - own.length,
      transaction,
    });
    for (const row of [...own, ...others]) {
      const { fromId, toId } = row;
      await row.destroy({ transaction });
      // Also of one that was answered: by the card of the deleted user a device knows that it is gone.
      const status = row.status === 'accepted' ? 'accepted' : 'rejected';
      const request = presentFriendRequest(row, status, presentCards([row.from!, row.to!]));
      unit.record({ type: 'friend.request', receiverIds: [fromId === userId ? toId : fromId], data: { request } });
    }
    return own.length + others.length;
  }

  /** Those who have blocked the user. Index: block_blocked. */
  private async unblock(unit: ModelUnit, blockedId: number): Promise<number> {
    const { Block } = this.app.model;
    const { transaction } = unit.session;
    const where = { blockedId };
    const rows = await Block.findAll({ where, attributes: ['userId'], limit: TOLD, transaction, raw: true });
    if (rows.length === 0) return 0;
    const receiverIds = rows.map(row => row.userId);
    await Block.destroy({ where: { userId: receiverIds, blockedId }, transaction });
    unit.record({ type: 'block.updated', receiverIds, data: { userId: String(blockedId), blocked: false } });
    return rows.length;
  }
}
