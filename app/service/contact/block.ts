import { Service } from 'egg';
import { Op, type Transaction } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { selfDenial, welcomeDenial } from '../../policy/contact';
import { CARD_COLUMNS, presentCard } from '../../presenter/card';
import { assertAllowed } from '../../schema/errors';
import { pageOf, type Page } from '../../schema/page';
import type { Card, ListPeople } from '../../schema/person';

/** Blocks between users. A blocked user is not told, and learns of the block only when a call is refused. */
export default class BlockService extends Service {
  async list({ userId }: Actor, { cursor, limit }: ListPeople): Promise<Page<Card>> {
    // Index: block PRIMARY, one range.
    const rows = await this.app.model.Block.findAll({
      where: { userId, blockedId: { [Op.gt]: Number(cursor ?? 0) } },
      include: { association: 'blocked', attributes: CARD_COLUMNS },
      order: ['blockedId'],
      limit,
    });
    const users = rows.map(row => presentCard(row.blocked!));
    return pageOf(users, rows, limit, ({ blockedId }) => String(blockedId));
  }

  /** Blocks a user; nothing changes for one who is blocked already. Throws USER_NOT_FOUND, FORBIDDEN (oneself). */
  async create(actor: Actor, userId: number): Promise<void> {
    assertAllowed(selfDenial(actor.userId, userId));
    await this.put(actor, userId, true);
  }

  /** Takes a block away; a user who is not blocked is passed over. Throws USER_NOT_FOUND. */
  async remove(actor: Actor, userId: number): Promise<void> {
    const where = { userId: actor.userId, blockedId: userId };
    if (await this.app.model.Block.count({ where })) return this.put(actor, userId, false);
    await this.service.account.directory.find(actor.app, userId);
  }

  /** Throws BLOCKED, with their ids, when some of the users have blocked the actor. */
  async requireWelcome(actorId: number, userIds: readonly number[], transaction?: Transaction): Promise<void> {
    // Index: block PRIMARY, a point for each user.
    const rows = await this.app.model.Block.findAll({
      where: { userId: [...userIds], blockedId: actorId },
      attributes: ['userId'],
      order: ['userId'],
      transaction,
      raw: true,
    });
    const blockerIds = rows.map(row => row.userId);
    assertAllowed(welcomeDenial(blockerIds), { BLOCKED: { userIds: blockerIds.map(String) } });
  }

  private async put(actor: Actor, userId: number, blocked: boolean): Promise<void> {
    const { Block } = this.app.model;
    const row = { userId: actor.userId, blockedId: userId };
    await this.service.contact.pair.run(actor, userId, async (conversation, unit) => {
      const { transaction } = unit.session;
      if (conversation.members.blockers.has(actor.userId) === blocked) return;
      if (blocked) await Block.create(row, { transaction });
      else await Block.destroy({ where: row, transaction });
      unit.membersChanged(conversation);
      const data = { userId: String(userId), blocked };
      unit.record({ type: 'block.updated', receiverIds: [actor.userId], data });
    });
    if (blocked) this.service.presence.recheck([userId]);
  }
}
