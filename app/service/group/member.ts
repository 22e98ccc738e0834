import { Service } from 'egg';
import { Op, type InferCreationAttributes } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { AppError, assertAllowed } from '../../schema/errors';
import { presentGroup } from '../../presenter/group';
import { presentMember, presentMemberUpdate } from '../../presenter/member';
import { historyStart, memberRemovalDenial, memberUpdateDenial, roomDenial } from '../../policy/group';
import { roleOf } from '../../policy/roles';
import type { ConversationMemberModel } from '../../model/conversation_member';
import type { Group, ListMembers, Member, UpdateMember } from '../../schema/group';
import { pageOf, type Page } from '../../schema/page';
import type { GroupScene } from './group';

type Changes = Partial<Pick<InferCreationAttributes<ConversationMemberModel>, 'role' | 'mutedUntil' | 'alias'>>;

/** Who is in a group. */
export default class MemberService extends Service {
  /** Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER. */
  async list(actor: Actor, id: number, { cursor, limit }: ListMembers): Promise<Page<Member>> {
    await this.service.conversation.conversation.membership(actor, id, 'group');
    // Index: conversation_member PRIMARY, one range.
    const rows = await this.app.model.ConversationMember.findAll({
      where: { conversationId: id, userId: { [Op.gt]: Number(cursor ?? 0) } },
      order: ['userId'],
      limit,
      raw: true,
    });
    const users = await this.app.model.User.findAll({
      where: { id: rows.map(row => row.userId) },
      attributes: ['id', 'name', 'avatar'],
      raw: true,
    });
    const byId = new Map(users.map(user => [user.id, user]));
    const members = rows.map(row => presentMember(row, byId.get(row.userId)));
    return pageOf(members, rows, limit, ({ userId }) => String(userId));
  }

  /**
   * Those who are members already stay as they are. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN,
   * USER_NOT_FOUND, BLOCKED, GROUP_FULL.
   */
  async add(actor: Actor, id: number, userIds: readonly number[]): Promise<Group> {
    await this.requireUsers(actor, userIds);
    return this.service.group.group.runIn(actor, id, 'admit', async scene => {
      const added = userIds.filter(userId => !scene.members.index.has(userId));
      await this.service.contact.block.requireWelcome(actor.userId, added, scene.transaction);
      return this.enter(scene, added, actor.userId, 'added');
    });
  }

  /** Makes users members who are none, tells all, and puts a line into the conversation. Throws GROUP_FULL. */
  async enter(scene: GroupScene, userIds: readonly number[], byId: number, event: 'added' | 'joined'): Promise<Group> {
    const { conversation, group, members, transaction, tell } = scene;
    const receiverIds = [...members.ids, ...userIds];
    const told = presentGroup(group, receiverIds.length, conversation.muteAll);
    if (userIds.length === 0) return told;
    this.requireRoom(receiverIds.length);
    const { id: conversationId, lastSeq, count } = conversation;
    const joinedSeq = historyStart(group.history, lastSeq);
    const place = { conversationId, joinedSeq, readSeq: lastSeq, readCount: count, joinedAt: new Date() };
    await this.app.model.ConversationMember.bulkCreate(
      userIds.map(userId => ({ ...place, userId })),
      { transaction },
    );
    await conversation.increment('memberVersion', { transaction });
    const by = String(byId);
    const ids = userIds.map(String);
    tell({ type: 'group.members_added', receiverIds, conversationId, data: { group: told, userIds: ids, by } });
    const whom = event === 'added' ? { userIds: ids } : {};
    await this.service.transaction.post(scene, receiverIds, { event, by, ...whom });
    await this.service.group.request.settle(scene, userIds);
    return told;
  }

  /** Those who are not members are passed over. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN. */
  async remove(actor: Actor, id: number, userIds: readonly number[]): Promise<Group> {
    const group = await this.service.group.group.runIn(actor, id, 'remove', async scene => {
      const { conversation, group, members } = scene;
      const removed = userIds.filter(userId => members.index.has(userId));
      const roleIn = (userId: number) => roleOf(userId, group.ownerId, members)!;
      assertAllowed(memberRemovalDenial(roleIn(actor.userId), removed.map(roleIn)));
      const left = removed.length > 0 ? await this.drop(scene, removed, actor.userId, 'removed') : members.ids;
      return presentGroup(group, left.length, conversation.muteAll);
    });
    this.service.presence.recheck(userIds);
    return group;
  }

  /** The owner's place goes to an heir; without one the group is gone. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER. */
  async leave(actor: Actor, id: number): Promise<void> {
    const { userId } = actor;
    await this.service.group.group.runIn(actor, id, null, async scene => {
      if (scene.members.ids.length === 1) return this.service.group.group.end(scene, userId);
      const left = await this.drop(scene, [userId], userId, 'left');
      if (scene.group.ownerId === userId) {
        await this.service.group.group.handOver(scene, await this.heirOf(scene), userId, left);
      }
    });
    this.service.presence.recheck([userId]);
  }

  /**
   * The owner gives roles; the owner mutes all others, and an admin plain members; each has an alias of their own making.
   * Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, USER_NOT_FOUND, FORBIDDEN.
   */
  async update(actor: Actor, id: number, memberId: number, changes: UpdateMember): Promise<Member> {
    const { userId } = actor;
    return this.service.group.group.runIn(actor, id, null, async scene => {
      const { group, members } = scene;
      const [role, memberRole] = [userId, memberId].map(each => roleOf(each, group.ownerId, members));
      assertAllowed(memberUpdateDenial({ userId, role: role!, memberId, memberRole, changes }));
      const { mutedUntil, ...rest } = changes;
      const mute = mutedUntil === undefined ? {} : { mutedUntil: future(mutedUntil) };
      const member = await this.change(scene, memberId, { ...rest, ...mute }, userId, members.ids);
      return presentMember(member, await this.service.account.profile.findIn(actor.app, memberId));
    });
  }

  /** Changes the place of a member and tells those, unless nothing changes. */
  async change(
    { conversation, transaction, tell }: GroupScene,
    userId: number,
    changes: Changes,
    byId: number,
    receiverIds: readonly number[],
  ): Promise<ConversationMemberModel> {
    const { id: conversationId } = conversation;
    const where = { conversationId, userId };
    const member = await this.app.model.ConversationMember.findOne({ where, transaction, rejectOnEmpty: true });
    const changed = member.set(changes).changed() || [];
    if (changed.length === 0) return member;
    await member.save({ transaction });
    if (changed.some(name => name !== 'alias')) await conversation.increment('memberVersion', { transaction });
    tell({ type: 'group.member_updated', receiverIds, conversationId, data: presentMemberUpdate(member, byId) });
    return member;
  }

  /** Returns who is left, of whom there has to be somebody. */
  private async drop(
    scene: GroupScene,
    removed: readonly number[],
    byId: number,
    event: 'removed' | 'left',
  ): Promise<number[]> {
    const { conversation, members, transaction, tell } = scene;
    const { id: conversationId } = conversation;
    const where = { conversationId, userId: [...removed] };
    await this.app.model.ConversationMember.destroy({ where, transaction });
    // Who comes back begins anew.
    await this.app.model.MessageStar.destroy({ where, transaction });
    await conversation.increment('memberVersion', { transaction });
    const by = String(byId);
    const userIds = removed.map(String);
    tell({ type: 'group.members_removed', receiverIds: members.ids, conversationId, data: { userIds, by } });
    const gone = new Set(removed);
    const left = members.ids.filter(id => !gone.has(id));
    const whom = event === 'removed' ? { userIds } : {};
    await this.service.transaction.post(scene, left, { event, by, ...whom });
    return left;
  }

  /** Who owns the group after its owner has left: the admin, else the member, who joined first. */
  private async heirOf({ conversation, transaction }: GroupScene): Promise<number> {
    const heir = await this.app.model.ConversationMember.findOne({
      where: { conversationId: conversation.id },
      // By name `admin` is before `member`.
      order: ['role', 'joinedAt', 'userId'],
      attributes: ['userId'],
      transaction,
      raw: true,
      rejectOnEmpty: true,
    });
    return heir.userId;
  }

  /** Throws USER_NOT_FOUND with those who are not users of the actor's app. */
  async requireUsers(actor: Pick<Actor, 'app'>, userIds: readonly number[]): Promise<void> {
    const users = await this.app.model.User.findAll({
      where: { id: [...userIds], app: actor.app },
      attributes: ['id'],
      raw: true,
    });
    const found = new Set(users.map(user => user.id));
    const missing = userIds.filter(id => !found.has(id));
    if (missing.length > 0) throw new AppError('USER_NOT_FOUND', { userIds: missing.map(String) });
  }

  /** Throws GROUP_FULL. */
  requireRoom(members: number): void {
    const limit = this.app.config.im.groupMaxMembers;
    assertAllowed(roomDenial(members, limit), { GROUP_FULL: { limit } });
  }
}

/** A mute that is over is none. */
function future(time: string | null): Date | null {
  return time && Date.parse(time) > Date.now() ? new Date(time) : null;
}
