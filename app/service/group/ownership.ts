import { Service } from 'egg';
import type { Actor } from '../../lib/auth/actor';
import { heirDenial } from '../../policy/group';
import { assertAllowed } from '../../schema/errors';
import type { Group } from '../../schema/group';
import { presentLocked, type LockedGroup } from './access';

/** Whose a group is, and its end. */
export default class OwnershipService extends Service {
  /**
   * The owner becomes an admin. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN, USER_NOT_FOUND, LIMIT_REACHED (there are
   * as many admins as there may be, and none of them is to be the owner).
   */
  async transfer(actor: Actor, id: number, userId: number): Promise<Group> {
    return this.service.group.access.run(actor, id, 'transfer', async group => {
      const { unit, conversation } = group;
      const { members } = conversation;
      assertAllowed(heirDenial(userId, members));
      if (userId !== actor.userId) {
        this.service.group.access.requireAdminPlace(group, userId);
        await this.handOver(group, userId, actor.userId, members.ids);
        await this.service.group.roster.change(group, actor.userId, { role: 'admin' }, actor.userId, members.ids);
        const by = String(actor.userId);
        unit.post(conversation, members.ids, { event: 'transferred', by, userIds: [String(userId)] });
      }
      return presentLocked(group, members.ids.length);
    });
  }

  /** Makes a member the owner, and tells those. What becomes of the owner before is the caller's. */
  async handOver(group: LockedGroup, userId: number, byId: number, receiverIds: readonly number[]): Promise<void> {
    const { unit, conversation, row } = group;
    await row.update({ ownerId: userId }, { transaction: unit.session.transaction });
    const data = { group: presentLocked(group, receiverIds.length), by: String(byId) };
    unit.record({ type: 'group.updated', receiverIds, conversationId: conversation.id, data });
    // Nobody could unmute an owner.
    const changes = { role: 'owner', mutedUntil: null } as const;
    await this.service.group.roster.change(group, userId, changes, byId, receiverIds);
  }

  /** The same for the one who owns the group after its owner has left: the admin, else the member, who joined first. */
  async bequeath(group: LockedGroup, byId: number, receiverIds: readonly number[]): Promise<void> {
    const { unit, conversation } = group;
    const heir = await this.app.model.ConversationMember.findOne({
      where: { conversationId: conversation.id },
      // By name `admin` is before `member`.
      order: ['role', 'joinedAt', 'userId'],
      attributes: ['userId'],
      transaction: unit.session.transaction,
      raw: true,
      rejectOnEmpty: true,
    });
    await this.handOver(group, heir.userId, byId, receiverIds);
  }

  /** Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN. */
  async dissolve(actor: Actor, id: number): Promise<void> {
    const userIds = await this.service.group.access.run(actor, id, 'dissolve', async group => {
      await this.end(group, actor.userId);
      return group.conversation.members.ids;
    });
    this.service.presence.recheck(userIds);
  }

  /**
   * The group is gone for everybody, also for those who wait to become members. Its messages go later, in portions, and so do
   * requests of which there are too many.
   */
  async end({ unit, conversation, row }: LockedGroup, byId: number): Promise<void> {
    const { id, members } = conversation;
    const { transaction } = unit.session;
    const waiting = await this.service.group.request.listWaiting(id, transaction);
    const limit = 2 * this.app.config.im.groupMaxRequests;
    await this.app.model.GroupRequest.destroy({ where: { groupId: id }, limit, transaction });
    await row.destroy({ transaction });
    await this.service.conversation.ending.erase(conversation, unit);
    const receiverIds = [...new Set([...members.ids, ...waiting])];
    unit.record({ type: 'group.dissolved', receiverIds, conversationId: id, data: { by: String(byId) } });
  }
}
