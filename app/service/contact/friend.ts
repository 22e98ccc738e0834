import { Service } from 'egg';
import { Op, type Transaction } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import type { ModelUnit } from '../../lib/engine';
import type { LockedConversation } from '../../lib/message/locked_conversation';
import { AppError } from '../../schema/errors';
import { CARD_COLUMNS, presentCard } from '../../presenter/card';
import { presentFriend } from '../../presenter/friend';
import type { FriendModel } from '../../model/friend';
import { pageOf, type Page } from '../../schema/page';
import type { Friend, ListPeople } from '../../schema/person';

/** Friendships. Requests, by which they begin, are in friend_request.ts. */
export default class FriendService extends Service {
  async list(actor: Actor, { cursor, limit }: ListPeople): Promise<Page<Friend>> {
    // Index: friend PRIMARY, one range.
    const rows = await this.app.model.Friend.findAll({
      where: { userId: actor.userId, friendId: { [Op.gt]: Number(cursor ?? 0) } },
      include: { association: 'friend', attributes: CARD_COLUMNS },
      order: ['friendId'],
      limit,
    });
    const friends = rows.map(row => presentFriend(row, presentCard(row.friend!)));
    return pageOf(friends, rows, limit, ({ friendId }) => String(friendId));
  }

  /** Makes friends of the two of a locked single conversation. */
  async begin(conversation: LockedConversation, unit: ModelUnit): Promise<void> {
    const { members, at: createdAt } = conversation;
    const { transaction } = unit.session;
    const [a, b] = members.ids;
    const halves = [
      { userId: a, friendId: b },
      { userId: b, friendId: a },
    ];
    await this.app.model.Friend.bulkCreate(
      halves.map(half => ({ ...half, createdAt })),
      { transaction },
    );
    unit.membersChanged(conversation);
    const cards = await this.service.account.directory.lockedCards(members.ids, transaction);
    for (const half of halves) {
      const friend = presentFriend({ alias: null, createdAt }, cards.get(half.friendId)!);
      unit.record({ type: 'friend.updated', receiverIds: [half.userId], data: { friend } });
    }
  }

  /** Gives a friend an alias, of which only the actor's devices are told. Throws NOT_FRIENDS, USER_NOT_FOUND. */
  async update(actor: Actor, userId: number, alias: string | null): Promise<Friend> {
    // The friendship is looked up before the lock, which would make a conversation for two users who are no friends.
    await this.require(actor, userId);
    return this.service.contact.pair.run(actor, userId, async (_conversation, unit) => {
      const { transaction } = unit.session;
      const { createdAt, alias: before } = await this.require(actor, userId, transaction);
      const cards = await this.service.account.directory.lockedCards([userId], transaction);
      const friend = presentFriend({ alias, createdAt }, cards.get(userId)!);
      if (alias === before) return friend;
      const where = { userId: actor.userId, friendId: userId };
      await this.app.model.Friend.update({ alias }, { where, transaction });
      unit.record({ type: 'friend.updated', receiverIds: [actor.userId], data: { friend } });
      return friend;
    });
  }

  /** Ends a friendship for both users; a user who is no friend is passed over. Throws USER_NOT_FOUND. */
  async remove(actor: Actor, userId: number): Promise<void> {
    const { Friend } = this.app.model;
    if (!(await this.find(actor, userId))) {
      await this.service.account.directory.find(actor.app, userId);
      return;
    }
    await this.service.contact.pair.run(actor, userId, async (conversation, unit) => {
      const { transaction } = unit.session;
      if (!conversation.members.friends) return;
      const halves = [
        { userId: actor.userId, friendId: userId },
        { userId, friendId: actor.userId },
      ];
      for (const where of halves) await Friend.destroy({ where, transaction });
      unit.membersChanged(conversation);
      for (const half of halves) {
        unit.record({ type: 'friend.removed', receiverIds: [half.userId], data: { userId: String(half.friendId) } });
      }
    });
    this.service.presence.recheck([actor.userId, userId]);
  }

  private find({ userId }: Actor, friendId: number, transaction?: Transaction): Promise<FriendModel | null> {
    return this.app.model.Friend.findOne({ where: { userId, friendId }, transaction, raw: true });
  }

  private async require(actor: Actor, friendId: number, transaction?: Transaction): Promise<FriendModel> {
    const row = await this.find(actor, friendId, transaction);
    if (!row) throw new AppError('NOT_FRIENDS');
    return row;
  }
}
