import { Service } from 'egg';
import { Op, type Transaction } from 'sequelize';
import type { Actor } from '../lib/actor';
import { AppError } from '../lib/errors';
import { presentGroup } from '../lib/present';
import type { NewEntry } from '../lib/stream';
import type { ConversationModel } from '../model/conversation';
import type { ConversationMemberModel, Role } from '../model/conversation_member';
import type { CreateGroup, Group, ListMembers, Member } from '../schema/group';
import type { EntryData, EntryType } from '../schema/sync';

/** A group whose conversation row this transaction has locked: nobody else changes its members meanwhile. */
interface LockedGroup {
  readonly conversation: ConversationModel;
  readonly members: ConversationMemberModel[];
}

export default class GroupService extends Service {
  /** Throws USER_NOT_FOUND when a member is not a user of this app, GROUP_FULL. */
  async create(actor: Actor, { name, avatar, memberIds }: CreateGroup): Promise<Group> {
    const { Conversation, ConversationMember, ChatGroup } = this.app.model;
    const userIds = [...new Set([actor.userId, ...memberIds.map(Number)])];
    await this.requireUsers(actor, userIds);
    this.requireRoom(userIds.length);
    const at = new Date();
    return this.service.transaction.runWithId(async (id, { transaction, append }) => {
      await Conversation.create({ id, app: actor.app, type: 'group', lastAt: at }, { transaction });
      const row = await ChatGroup.create({ id, name, avatar, ownerId: actor.userId }, { transaction });
      const roleOf = (userId: number): Role => (userId === actor.userId ? 'owner' : 'member');
      await ConversationMember.bulkCreate(
        userIds.map(userId => ({ conversationId: id, userId, role: roleOf(userId), joinedAt: at })),
        { transaction },
      );
      const group = presentGroup(row, userIds.length);
      await append(entriesFor(userIds, 'group.created', id, { group, by: String(actor.userId) }));
      return group;
    });
  }

  /** Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER. */
  async show(actor: Actor, id: number): Promise<Group> {
    await this.service.conversation.membership(actor, id, 'group');
    return this.present(id, await this.app.model.ConversationMember.count({ where: { conversationId: id } }));
  }

  /** Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER. */
  async members(
    actor: Actor,
    id: number,
    { cursor, limit }: ListMembers,
  ): Promise<{ members: Member[]; nextCursor?: string }> {
    await this.service.conversation.membership(actor, id, 'group');
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
    const members = rows.map(({ userId, role, joinedAt }) => {
      const { name = '', avatar } = byId.get(userId) ?? {};
      return { userId: String(userId), name, ...(avatar && { avatar }), role, joinedAt: joinedAt.toISOString() };
    });
    return { members, ...(rows.length === limit && { nextCursor: members.at(-1)?.userId }) };
  }

  /** Those who are members already stay as they are. Throws FORBIDDEN, USER_NOT_FOUND, GROUP_FULL. */
  async add(actor: Actor, id: number, userIds: readonly number[]): Promise<Group> {
    await this.requireUsers(actor, userIds);
    return this.service.transaction.run(async ({ transaction, append }) => {
      const { conversation, members } = await this.lock(actor, id, transaction);
      if (roleOf(members, actor.userId) === 'member') throw new AppError('FORBIDDEN');
      const present = members.map(member => member.userId);
      const added = userIds.filter(userId => !present.includes(userId));
      const all = [...present, ...added];
      this.requireRoom(all.length);
      const group = await this.present(id, all.length, transaction);
      if (added.length === 0) return group;
      const { lastSeq, count } = conversation;
      const place = {
        conversationId: id,
        joinedSeq: lastSeq,
        readSeq: lastSeq,
        readCount: count,
        joinedAt: new Date(),
      };
      await this.app.model.ConversationMember.bulkCreate(
        added.map(userId => ({ ...place, userId })),
        { transaction },
      );
      await conversation.increment('memberVersion', { transaction });
      await append(
        entriesFor(all, 'group.members_added', id, { group, userIds: added.map(String), by: String(actor.userId) }),
      );
      return group;
    });
  }

  /** Those who are not members are passed over. Throws FORBIDDEN. */
  async remove(actor: Actor, id: number, userIds: readonly number[]): Promise<Group> {
    return this.service.transaction.run(async ({ transaction, append }) => {
      const { conversation, members } = await this.lock(actor, id, transaction);
      const removed = members.filter(member => userIds.includes(member.userId));
      const mine = roleOf(members, actor.userId);
      const allowed = mine === 'owner' ? ['admin', 'member'] : mine === 'admin' ? ['member'] : [];
      if (!removed.every(({ role }) => allowed.includes(role))) throw new AppError('FORBIDDEN');
      if (removed.length > 0) await append(await this.drop(actor, conversation, members, removed, transaction));
      return this.present(id, members.length - removed.length, transaction);
    });
  }

  /** Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER. */
  async leave(actor: Actor, id: number): Promise<void> {
    const { ChatGroup, ConversationMember } = this.app.model;
    await this.service.transaction.run(async ({ transaction, append }) => {
      const { conversation, members } = await this.lock(actor, id, transaction);
      const leaving = members.filter(member => member.userId === actor.userId);
      const heir = heirOf(members.filter(member => member.userId !== actor.userId));
      if (leaving[0].role === 'owner' && heir) {
        await ConversationMember.update(
          { role: 'owner' },
          { where: { conversationId: id, userId: heir.userId }, transaction },
        );
        await ChatGroup.update({ ownerId: heir.userId }, { where: { id }, transaction });
      }
      await append(await this.drop(actor, conversation, members, leaving, transaction));
    });
  }

  private async drop(
    actor: Actor,
    conversation: ConversationModel,
    members: readonly ConversationMemberModel[],
    removed: readonly ConversationMemberModel[],
    transaction: Transaction,
  ): Promise<NewEntry[]> {
    const { id } = conversation;
    const userIds = removed.map(member => member.userId);
    await this.app.model.ConversationMember.destroy({ where: { conversationId: id, userId: userIds }, transaction });
    await conversation.increment('memberVersion', { transaction });
    const all = members.map(member => member.userId);
    return entriesFor(all, 'group.members_removed', id, { userIds: userIds.map(String), by: String(actor.userId) });
  }

  private async lock(actor: Actor, id: number, transaction: Transaction): Promise<LockedGroup> {
    const { Conversation, ConversationMember } = this.app.model;
    const conversation = await Conversation.findOne({
      where: { id, app: actor.app, type: 'group' },
      lock: true,
      transaction,
    });
    if (!conversation) throw new AppError('CONVERSATION_NOT_FOUND');
    const members = await ConversationMember.findAll({ where: { conversationId: id }, order: ['userId'], transaction });
    if (!members.some(member => member.userId === actor.userId)) throw new AppError('NOT_A_MEMBER');
    return { conversation, members };
  }

  private async present(id: number, memberCount: number, transaction?: Transaction): Promise<Group> {
    const group = await this.app.model.ChatGroup.findByPk(id, { transaction });
    if (!group) throw new AppError('CONVERSATION_NOT_FOUND');
    return presentGroup(group, memberCount);
  }

  private async requireUsers(actor: Actor, userIds: readonly number[]): Promise<void> {
    const found = await this.app.model.User.findAll({
      where: { id: [...userIds], app: actor.app },
      attributes: ['id'],
      raw: true,
    });
    const missing = userIds.filter(id => !found.some(user => user.id === id));
    if (missing.length > 0) throw new AppError('USER_NOT_FOUND', { userIds: missing.map(String) });
  }

  private requireRoom(members: number): void {
    const limit = this.app.config.im.groupMaxMembers;
    if (members > limit) throw new AppError('GROUP_FULL', { limit });
  }
}

function roleOf(members: readonly ConversationMemberModel[], userId: number): Role | undefined {
  return members.find(member => member.userId === userId)?.role;
}

/** Who owns the group after its owner: the admin, else the member, who joined first. */
function heirOf(members: readonly ConversationMemberModel[]): ConversationMemberModel | undefined {
  const rank = ({ role, joinedAt }: ConversationMemberModel) => (role === 'admin' ? 0 : 1e15) + joinedAt.getTime();
  return [...members].sort((a, b) => rank(a) - rank(b))[0];
}

function entriesFor<T extends EntryType>(
  receiverIds: readonly number[],
  type: T,
  conversationId: number,
  data: EntryData<T>,
): NewEntry[] {
  return receiverIds.map(receiverId => ({ receiverId, type, conversationId, data }));
}
