import { Service } from 'egg';
import type { Transaction } from 'sequelize';
import { admits } from '../../policy/privacy';

/** What users allow to whom. */
export default class PrivacyService extends Service {
  /** Those of the users who let another add them to groups; all others are to be invited. Index: user and friend PRIMARY. */
  async addable(actorId: number, userIds: readonly number[], transaction: Transaction): Promise<Set<number>> {
    const { Friend, User } = this.app.model;
    const same = { transaction, raw: true } as const;
    const users = await User.findAll({ where: { id: [...userIds] }, attributes: ['id', 'allowGroups'], ...same });
    const where = { userId: [...userIds], friendId: actorId };
    const halves = await Friend.findAll({ where, attributes: ['userId'], ...same });
    const friends = new Set(halves.map(({ userId }) => userId));
    const isAddable = ({ id, allowGroups }: (typeof users)[number]) =>
      id === actorId || admits(allowGroups, friends.has(id));
    return new Set(users.filter(isAddable).map(({ id }) => id));
  }
}
