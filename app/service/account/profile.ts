import { Service } from 'egg';
import { Op } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import type { ModelUnit } from '../../lib/engine';
import { chunks, IN_LIST } from '../../lib/database/statement';
import { presentMe } from '../../presenter/me';
import { present } from '../../presenter/present';
import { presentUser } from '../../presenter/user';
import type { UserModel } from '../../model/user';
import { AppError } from '../../schema/errors';
import type { Me, UpdateMe, User } from '../../schema/user';

/** Friends who are told of a change in one transaction. */
const TOLD = 1000;
/** What of a user their card shows, and what beside it their profile. */
const CARD: readonly string[] = ['name', 'avatar'];
const SHOWN: readonly string[] = [...CARD, 'gender', 'signature', 'background'];

/** What users show of themselves. */
export default class ProfileService extends Service {
  async me(actor: Actor): Promise<Me> {
    return presentMe(await this.service.account.directory.find(actor.app, actor.userId));
  }

  /**
   * Changes a profile and tells the user's own devices, and the friends where they see it. The change and the first thousand friends
   * are one transaction; further friends follow in transactions of their own, and after a crash between them notice by the version
   * of the card. Throws MEDIA_NOT_FOUND, INVALID_INPUT.
   */
  async update(actor: Actor, given: UpdateMe): Promise<Me> {
    const changes = await this.service.picture.publish(actor, given);
    const { user, told } = await this.app.engine.transact(unit => this.change(unit, actor, changes));
    const { hidePresence, privacy = {} } = changes;
    if (privacy.messages) await this.forgetMembers(actor.userId);
    if (hidePresence !== undefined || privacy.presence) this.app.presence.announce([actor.userId]);
    if (user.cardVersion > 0) this.app.engine.cards.announce(user.id, user.cardVersion);
    let last = told;
    while (last !== undefined) {
      const after = last;
      last = await this.app.engine.transact(async unit => this.tell(unit, await this.lock(unit, actor), after));
    }
    return presentMe(user);
  }

  /** Throws USER_NOT_FOUND, also for a user of another app. */
  async show(actor: Actor, userId: number): Promise<User> {
    const where = { id: userId, app: actor.app };
    const user = await this.app.model.User.findOne({ where });
    if (!user) throw new AppError('USER_NOT_FOUND');
    return presentUser(user);
  }

  /** Returns the user, and the last of the friends who were told, when there may be more. */
  private async change(
    unit: ModelUnit,
    actor: Actor,
    changes: UpdateMe,
  ): Promise<{ readonly user: UserModel; readonly told?: number }> {
    const user = await this.lock(unit, actor);
    const changed: string[] = user.set(columnsOf(changes)).changed() || [];
    if (changed.length === 0) return { user };
    if (changed.some(name => CARD.includes(name))) user.cardVersion++;
    await user.save({ transaction: unit.session.transaction });
    unit.record({ type: 'me.updated', receiverIds: [user.id], data: { me: presentMe(user) } });
    return { user, ...(changed.some(name => SHOWN.includes(name)) && { told: await this.tell(unit, user, 0) }) };
  }

  /** Tells friends with an id above `after`. Returns the last of them, when there may be more. */
  private async tell(unit: ModelUnit, user: UserModel, after: number): Promise<number | undefined> {
    // Index: friend PRIMARY, one range.
    const rows = await this.app.model.Friend.findAll({
      where: { userId: user.id, friendId: { [Op.gt]: after } },
      attributes: ['friendId'],
      order: ['friendId'],
      limit: TOLD,
      transaction: unit.session.transaction,
      raw: true,
    });
    const receiverIds = rows.map(({ friendId }) => friendId);
    if (rows.length > 0) unit.record({ type: 'user.updated', receiverIds, data: { user: presentUser(user) } });
    return rows.length === TOLD ? receiverIds.at(-1) : undefined;
  }

  /** Whoever may write to the user is known by the versions of members: all single conversations read it anew. */
  async forgetMembers(userId: number): Promise<void> {
    const { Conversation, ConversationMember } = this.app.model;
    // Index: conversation_member_user, conversation PRIMARY.
    const rows = await ConversationMember.findAll({
      where: { userId },
      attributes: ['conversationId'],
      include: { association: 'conversation', where: { type: 'single' }, attributes: [] },
      order: ['conversationId'],
      raw: true,
    });
    for (const part of chunks(rows, IN_LIST)) {
      const id = part.map(({ conversationId }) => conversationId);
      await this.app.engine.transact(({ session: { transaction } }) =>
        Conversation.increment('memberVersion', { where: { id }, transaction }),
      );
    }
  }

  /** The user, whose row stays locked: what two changes tell comes in their order to everybody. */
  private async lock(unit: ModelUnit, { userId, app }: Actor): Promise<UserModel> {
    const { transaction } = unit.session;
    const user = await this.app.model.User.findOne({
      where: { id: userId, app, deletedAt: null },
      lock: true,
      transaction,
    });
    if (!user) throw new AppError('USER_NOT_FOUND');
    return user;
  }
}

function columnsOf({ privacy = {}, ...changes }: UpdateMe) {
  const { groups, messages, phone, presence } = privacy;
  return {
    ...changes,
    ...present({ allowGroups: groups, allowMessages: messages, allowPhone: phone, allowPresence: presence }),
  };
}
