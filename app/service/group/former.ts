import { Service } from 'egg';
import { Op } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { banDenial, rightDenial } from '../../policy/group';
import { CARD_COLUMNS } from '../../presenter/card';
import { presentBan } from '../../presenter/ban';
import { assertAllowed } from '../../schema/errors';
import type { Ban, ListMembers } from '../../schema/group';
import { pageOf, type Page } from '../../schema/page';
import { roleIn, type LockedGroup } from './access';

/** What a group remembers of those who were its members. Index: former_member PRIMARY, always. */
export default class FormerMemberService extends Service {
  /** A page of those who are banned, in order of id. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN. */
  async listBans(actor: Actor, groupId: number, { cursor, limit }: ListMembers): Promise<Page<Ban>> {
    const { role } = await this.service.conversation.access.membership(actor, groupId, 'group');
    assertAllowed(rightDenial(role, 'remove'));
    const rows = await this.app.model.FormerMember.findAll({
      where: { groupId, userId: { [Op.gt]: Number(cursor ?? 0) }, bannedAt: { [Op.not]: null } },
      include: ['user', 'by'].map(association => ({ association, attributes: CARD_COLUMNS })),
      order: ['userId'],
      limit,
    });
    return pageOf(rows.map(presentBan), rows, limit, ({ userId }) => String(userId));
  }

  /** Lifts a ban; who is not banned is passed over. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN. */
  lift(actor: Actor, groupId: number, userId: number): Promise<void> {
    return this.service.group.access.run(actor, groupId, 'remove', async group => {
      const { unit, conversation } = group;
      if ((await this.bannedOf(group, [userId])).length === 0) return;
      const where = { groupId, userId };
      const { transaction } = unit.session;
      await this.app.model.FormerMember.update({ bannedBy: null, bannedAt: null }, { where, transaction });
      const data = { userId: String(userId), by: String(actor.userId) };
      const receiverIds = [...conversation.members.admins];
      unit.record({ type: 'group.unbanned', receiverIds, conversationId: groupId, data });
    });
  }

  /** Throws BANNED, with their ids, when the actor may not bring some of these users back. */
  async requireUnbanned(group: LockedGroup, actorId: number, userIds: readonly number[]): Promise<void> {
    const bannedIds = await this.bannedOf(group, userIds);
    const details = { userIds: bannedIds.map(String) };
    assertAllowed(banDenial(roleIn(group, actorId), bannedIds), { BANNED: details });
  }

  /** Those of the users who are banned. */
  async bannedOf({ row, unit }: LockedGroup, userIds: readonly number[]): Promise<number[]> {
    const rows = await this.app.model.FormerMember.findAll({
      where: { groupId: row.id, userId: [...userIds], bannedAt: { [Op.not]: null } },
      attributes: ['userId'],
      order: ['userId'],
      transaction: unit.session.transaction,
      raw: true,
    });
    return rows.map(({ userId }) => userId);
  }

  /** Remembers members who are about to go; who is removed by somebody is banned. */
  async remember(
    { unit, conversation }: Pick<LockedGroup, 'unit' | 'conversation'>,
    userIds: readonly number[],
    bannedBy: number | null,
  ): Promise<void> {
    const { ConversationMember, FormerMember } = this.app.model;
    const { transaction } = unit.session;
    const { id: groupId, at: leftAt } = conversation;
    const where = { conversationId: groupId, userId: [...userIds] };
    const members = await ConversationMember.findAll({ where, transaction, raw: true });
    const bannedAt = bannedBy === null ? null : leftAt;
    const rows = members.map(({ userId, joinedSeq, mutedUntil }) => ({ groupId, userId, joinedSeq, mutedUntil }));
    await FormerMember.bulkCreate(
      rows.map(row => ({ ...row, leftAt, bannedBy, bannedAt })),
      { updateOnDuplicate: ['joinedSeq', 'mutedUntil', 'leftAt', 'bannedBy', 'bannedAt'], transaction },
    );
  }

  /** Forgets bans and mutes of users who become members. Returns until when those of them are muted who are. */
  async welcome({ unit, conversation }: LockedGroup, userIds: readonly number[]): Promise<Map<number, Date>> {
    const { FormerMember } = this.app.model;
    const { transaction } = unit.session;
    const where = { groupId: conversation.id, userId: [...userIds] };
    const rows = await FormerMember.findAll({ where, transaction, raw: true });
    if (rows.length === 0) return new Map();
    await FormerMember.update({ mutedUntil: null, bannedBy: null, bannedAt: null }, { where, transaction });
    const isOn = (until: Date | null): until is Date => until !== null && until > conversation.at;
    return new Map(rows.flatMap(({ userId, mutedUntil: until }) => (isOn(until) ? [[userId, until]] : [])));
  }
}
