import { Service } from 'egg';
import type { Actor } from '../../lib/auth/actor';
import { AppError, assertAllowed } from '../../schema/errors';
import { presentGroup } from '../../presenter/group';
import { heirDenial, rightDenial, showDenial } from '../../policy/group';
import { roleOf, type Right } from '../../policy/roles';
import type { ChatGroupModel } from '../../model/chat_group';
import type { CreateGroup, Group, Role, UpdateGroup } from '../../schema/group';
import type { SystemContent } from '../../schema/message';
import type { Scene, Work } from '../transaction';

/** A group whose conversation the transaction has locked: nothing of it changes meanwhile. */
export interface GroupScene extends Scene {
  readonly group: ChatGroupModel;
}

/** A group as a whole; its members are in member.ts, those who may become members in group_request.ts. */
export default class GroupService extends Service {
  /** Throws USER_NOT_FOUND when a member is not a user of this app, BLOCKED, GROUP_FULL. */
  async create(actor: Actor, { memberIds, ...given }: CreateGroup): Promise<Group> {
    const { Conversation, ConversationMember, ChatGroup } = this.app.model;
    const userIds = [...new Set([actor.userId, ...memberIds])];
    await this.service.group.member.requireUsers(actor, userIds);
    this.service.group.member.requireRoom(userIds.length);
    await this.service.media.touch(given.avatar);
    const at = new Date();
    const by = String(actor.userId);
    return this.service.transaction.runWithId(async (id, { transaction, tell }) => {
      await this.service.contact.block.requireWelcome(actor.userId, userIds, transaction);
      await Conversation.create({ id, app: actor.app, type: 'group', lastAt: at }, { transaction });
      const row = await ChatGroup.create({ id, ...settingsOf(given), ownerId: actor.userId }, { transaction });
      const role = (userId: number): Role => (userId === actor.userId ? 'owner' : 'member');
      await ConversationMember.bulkCreate(
        userIds.map(userId => ({ conversationId: id, userId, role: role(userId), joinedAt: at })),
        { transaction },
      );
      const group = presentGroup(row, userIds.length, false);
      tell({ type: 'group.created', receiverIds: userIds, conversationId: id, data: { group, by } });
      return group;
    });
  }

  /** Members see it, and others when they may join or ask to. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER. */
  async show(actor: Actor, id: number): Promise<Group> {
    const { Conversation, ConversationMember, ChatGroup } = this.app.model;
    const { app, userId } = actor;
    const [conversation, group, memberCount, places] = await Promise.all([
      Conversation.findOne({ where: { id, app, type: 'group' }, attributes: ['muteAll'] }),
      ChatGroup.findByPk(id),
      ConversationMember.count({ where: { conversationId: id } }),
      ConversationMember.count({ where: { conversationId: id, userId } }),
    ]);
    if (!conversation || !group) throw new AppError('CONVERSATION_NOT_FOUND');
    assertAllowed(showDenial(places > 0, group.joinPolicy));
    return presentGroup(group, memberCount, conversation.muteAll);
  }

  /** Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN. */
  async update(actor: Actor, id: number, { muteAll, ...changes }: UpdateGroup): Promise<Group> {
    await this.service.media.touch(changes.avatar);
    return this.runIn(actor, id, 'update', async scene => {
      const { conversation, group, members, transaction } = scene;
      group.set(settingsOf(changes));
      if (muteAll !== undefined) conversation.set({ muteAll });
      const changed = [...(group.changed() || []), ...(conversation.changed() || [])];
      if (changed.length > 0) {
        await group.save({ transaction });
        await conversation.save({ transaction });
        this.tell(scene, actor.userId, members.ids);
        for (const line of linesOf(changed, scene, String(actor.userId))) {
          await this.service.transaction.post(scene, members.ids, line);
        }
      }
      return presentGroup(group, members.ids.length, conversation.muteAll);
    });
  }

  /** The owner becomes an admin. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN, USER_NOT_FOUND. */
  async transfer(actor: Actor, id: number, userId: number): Promise<Group> {
    return this.runIn(actor, id, 'transfer', async scene => {
      const { conversation, group, members } = scene;
      assertAllowed(heirDenial(userId, members));
      if (userId !== actor.userId) {
        await this.handOver(scene, userId, actor.userId, members.ids);
        await this.service.group.member.change(scene, actor.userId, { role: 'admin' }, actor.userId, members.ids);
        const line: SystemContent = { event: 'transferred', by: String(actor.userId), userIds: [String(userId)] };
        await this.service.transaction.post(scene, members.ids, line);
      }
      return presentGroup(group, members.ids.length, conversation.muteAll);
    });
  }

  /** Makes a member the owner, and tells those. What becomes of the owner before is the caller's. */
  async handOver(scene: GroupScene, userId: number, byId: number, receiverIds: readonly number[]): Promise<void> {
    await scene.group.update({ ownerId: userId }, { transaction: scene.transaction });
    this.tell(scene, byId, receiverIds);
    // Nobody could unmute an owner.
    await this.service.group.member.change(scene, userId, { role: 'owner', mutedUntil: null }, byId, receiverIds);
  }

  /** Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN. */
  async dissolve(actor: Actor, id: number): Promise<void> {
    const userIds = await this.runIn(actor, id, 'dissolve', async scene => {
      await this.end(scene, actor.userId);
      return scene.members.ids;
    });
    this.service.presence.recheck(userIds);
  }

  /** The group is gone for everybody, also for those who wait to become members. Its messages go later, in portions. */
  async end({ conversation, group, members, transaction, tell }: GroupScene, byId: number): Promise<void> {
    const { id } = conversation;
    const waiting = await this.service.group.request.listWaiting(id, transaction);
    await this.app.model.ConversationMember.destroy({ where: { conversationId: id }, transaction });
    await this.app.model.GroupRequest.destroy({ where: { groupId: id }, transaction });
    await group.destroy({ transaction });
    await conversation.destroy({ transaction });
    await this.app.model.DissolvedConversation.create({ conversationId: id }, { transaction });
    const receiverIds = [...new Set([...members.ids, ...waiting])];
    tell({ type: 'group.dissolved', receiverIds, conversationId: id, data: { by: String(byId) } });
  }

  /**
   * Runs a use case in a group of the actor's, where it takes a right if one is named. Throws CONVERSATION_NOT_FOUND,
   * NOT_A_MEMBER, FORBIDDEN.
   */
  runIn<T>(actor: Actor, id: number, right: Right | null, work: (scene: GroupScene) => Promise<T>): Promise<T> {
    return this.service.transaction.run(async tools => {
      const scene = await this.lock(tools, actor.app, id);
      const { group, members } = scene;
      assertAllowed(rightDenial(roleOf(actor.userId, group.ownerId, members), right, group.joinPolicy));
      return work(scene);
    });
  }

  /** Locks a group, whoever is in it. Throws CONVERSATION_NOT_FOUND. */
  async lock(tools: Work, app: string, id: number): Promise<GroupScene> {
    const scene = await this.service.transaction.lock(tools, app, id, 'group');
    const group = await this.app.model.ChatGroup.findByPk(id, { transaction: tools.transaction, rejectOnEmpty: true });
    return { ...scene, group };
  }

  private tell({ conversation, group, tell }: GroupScene, byId: number, receiverIds: readonly number[]): void {
    const data = { group: presentGroup(group, receiverIds.length, conversation.muteAll), by: String(byId) };
    tell({ type: 'group.updated', receiverIds, conversationId: conversation.id, data });
  }
}

/** No announcement is an empty one. */
function settingsOf<T extends { announcement?: string | null }>(given: T): T {
  return given.announcement === '' ? { ...given, announcement: null } : given;
}

/** What is said in the conversation about these changes. */
function linesOf(changed: readonly string[], { conversation, group }: GroupScene, by: string): SystemContent[] {
  const lines: SystemContent[] = [];
  if (changed.includes('name')) lines.push({ event: 'renamed', by, name: group.name });
  if (changed.includes('announcement') && group.announcement) lines.push({ event: 'announced', by });
  if (changed.includes('muteAll')) lines.push({ event: conversation.muteAll ? 'muted' : 'unmuted', by });
  return lines;
}
