import { Service } from 'egg';
import { Op, type InferCreationAttributes } from 'sequelize';
import type { ConversationMemberModel } from '../../model/conversation_member';
import { historyStart } from '../../policy/group';
import { presentMemberUpdate } from '../../presenter/member';
import type { Group } from '../../schema/group';
import { presentLocked, type LockedGroup } from './access';

type Changes = Partial<Pick<InferCreationAttributes<ConversationMemberModel>, 'role' | 'mutedUntil' | 'alias'>>;

/** Stars that are taken away together. */
const STARS = 500;

/** The rows of a group's members, and what everybody is told when they change. Who may change them is decided elsewhere. */
export default class RosterService extends Service {
  /** Makes users members who are none, tells all, and puts a line into the conversation. Throws GROUP_FULL. */
  async enter(group: LockedGroup, userIds: readonly number[], byId: number, event: 'added' | 'joined'): Promise<Group> {
    const { unit, conversation, row } = group;
    const receiverIds = [...conversation.members.ids, ...userIds];
    const told = presentLocked(group, receiverIds.length);
    if (userIds.length === 0) return told;
    this.service.group.access.requireRoom(receiverIds.length);
    const { id: conversationId, lastSeq, count, at: joinedAt } = conversation;
    const joinedSeq = historyStart(row.history, lastSeq);
    const place = { conversationId, joinedSeq, readSeq: lastSeq, readCount: count, joinedAt };
    const mutes = await this.service.group.former.welcome(group, userIds);
    await this.app.model.ConversationMember.bulkCreate(
      userIds.map(userId => ({ ...place, userId, mutedUntil: mutes.get(userId) ?? null })),
      { transaction: unit.session.transaction },
    );
    unit.membersChanged(conversation);
    const by = String(byId);
    const ids = userIds.map(String);
    const muted = [...mutes].map(([id, until]) => ({ userId: String(id), mutedUntil: until.toISOString() }));
    const data = { group: told, userIds: ids, ...(muted.length > 0 && { muted }), by };
    unit.record({ type: 'group.members_added', receiverIds, conversationId, data });
    unit.post(conversation, receiverIds, { event, by, ...(event === 'added' && { userIds: ids }) });
    await this.service.group.request.settle(group, userIds);
    return told;
  }

  /** Takes members out, tells all, and puts a line into the conversation. Returns who is left, at least one. */
  async drop(
    { unit, conversation }: LockedGroup,
    removed: readonly number[],
    byId: number,
    event: 'removed' | 'left',
  ): Promise<number[]> {
    const { id: conversationId, members } = conversation;
    const { transaction } = unit.session;
    const where = { conversationId, userId: [...removed] };
    await this.service.group.former.remember({ unit, conversation }, removed, event === 'removed' ? byId : null);
    await this.app.model.ConversationMember.destroy({ where, transaction });
    unit.membersChanged(conversation);
    const by = String(byId);
    const userIds = removed.map(String);
    const data = { userIds, by };
    unit.record({ type: 'group.members_removed', receiverIds: members.ids, conversationId, data });
    const gone = new Set(removed);
    const left = members.ids.filter(id => !gone.has(id));
    unit.post(conversation, left, { event, by, ...(event === 'removed' && { userIds }) });
    return left;
  }

  /**
   * Takes away the stars of users who have left, so that somebody who comes back begins anew. There may be any number, and nobody
   * sees them now: they go in portions, without a lock, and what fails stays. Index: message_star PRIMARY.
   */
  async forgetStars(conversationId: number, userIds: readonly number[], lastSeq: number): Promise<void> {
    const { MessageStar } = this.app.model;
    // Who is back by now may have starred what came later.
    const where = { conversationId, userId: [...userIds], seq: { [Op.lte]: lastSeq } };
    try {
      while ((await MessageStar.destroy({ where, limit: STARS })) === STARS);
    } catch (error) {
      this.app.logger.warn(error);
    }
  }

  /** Changes the place of a member and tells those, unless nothing changes. */
  async change(
    { unit, conversation }: LockedGroup,
    userId: number,
    changes: Changes,
    byId: number,
    receiverIds: readonly number[],
  ): Promise<ConversationMemberModel> {
    const { id: conversationId } = conversation;
    const { transaction } = unit.session;
    const where = { conversationId, userId };
    const member = await this.app.model.ConversationMember.findOne({ where, transaction, rejectOnEmpty: true });
    const changed = member.set(changes).changed() || [];
    if (changed.length === 0) return member;
    await member.save({ transaction });
    if (changed.some(name => name !== 'alias')) unit.membersChanged(conversation);
    const data = presentMemberUpdate(member, byId);
    unit.record({ type: 'group.member_updated', receiverIds, conversationId, data });
    return member;
  }
}
