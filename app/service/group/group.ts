import { Service } from 'egg';
import type { Actor } from '../../lib/auth/actor';
import { newId } from '../../lib/database/ids';
import type { ModelUnit } from '../../lib/engine';
import { showDenial } from '../../policy/group';
import { presentGroup } from '../../presenter/group';
import { AppError, assertAllowed } from '../../schema/errors';
import type { CreateGroup, Group, Role, UpdateGroup } from '../../schema/group';
import type { SystemContent } from '../../schema/content';

/** A group as a whole; its members are in member.ts, those who may become members in admission.ts. */
export default class GroupService extends Service {
  /**
   * Those who do not let the actor add them are invited. A group that the actor has made under that `clientGroupId` is answered as it
   * is now. Throws USER_NOT_FOUND when a member is not a user of this app, BLOCKED, GROUP_FULL, MEDIA_NOT_FOUND,
   * INVALID_INPUT, and of a group made before what `show` throws.
   */
  async create(actor: Actor, { memberIds, clientGroupId, ...given }: CreateGroup): Promise<Group> {
    const { app, userId } = actor;
    const named = [...new Set([userId, ...memberIds])];
    await this.service.account.directory.requireUsers(app, named);
    this.service.group.access.requireRoom(named.length);
    const settings = settingsOf(await this.service.picture.publish(actor, given));
    const made = await this.app.engine.transact(async unit => {
      const { transaction } = unit.session;
      // Index: chat_group_client_id.
      const where = { creatorId: userId, clientGroupId };
      const first = clientGroupId && (await this.app.model.ChatGroup.findOne({ where, transaction, raw: true }));
      return first ? first.id : this.make(unit, actor, named, { ...settings, clientGroupId });
    });
    return typeof made === 'number' ? this.show(actor, made) : made;
  }

  private async make(
    unit: ModelUnit,
    { app, userId: ownerId }: Actor,
    named: readonly number[],
    given: Omit<CreateGroup, 'memberIds'>,
  ): Promise<Group> {
    const { Conversation, ConversationMember, ChatGroup } = this.app.model;
    const { transaction } = unit.session;
    const id = newId();
    const createdAt = await unit.now();
    await this.service.contact.block.requireWelcome(ownerId, named, transaction);
    const addable = await this.service.contact.privacy.addable(ownerId, named, transaction);
    const userIds = named.filter(userId => addable.has(userId));
    await Conversation.create({ id, app, type: 'group', lastAt: createdAt, createdAt }, { transaction });
    const row = await ChatGroup.create({ id, ...given, ownerId, creatorId: ownerId, createdAt }, { transaction });
    const role = (userId: number): Role => (userId === ownerId ? 'owner' : 'member');
    await ConversationMember.bulkCreate(
      userIds.map(userId => ({ conversationId: id, userId, role: role(userId), joinedAt: createdAt })),
      { transaction },
    );
    const group = presentGroup(row, userIds.length, false);
    const data = { group, by: String(ownerId) };
    unit.record({ type: 'group.created', receiverIds: userIds, conversationId: id, data });
    const invited = named.filter(userId => !addable.has(userId));
    if (invited.length > 0) {
      const conversation = (await unit.find(id))!;
      await this.service.group.request.ask({ unit, conversation, row }, 'invitation', invited, ownerId, undefined);
    }
    return group;
  }

  /** Members see it, and others when they may join or ask to. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER. */
  async show({ app, userId }: Actor, id: number): Promise<Group> {
    const { ConversationMember, ChatGroup } = this.app.model;
    const conversation = { association: 'conversation', where: { app }, attributes: ['muteAll'] };
    const [group, memberCount, places] = await Promise.all([
      ChatGroup.findByPk(id, { include: conversation }),
      ConversationMember.count({ where: { conversationId: id } }),
      ConversationMember.count({ where: { conversationId: id, userId } }),
    ]);
    if (!group) throw new AppError('CONVERSATION_NOT_FOUND');
    assertAllowed(showDenial(places > 0, group.joinPolicy));
    return presentGroup(group, memberCount, group.conversation!.muteAll);
  }

  /** Changes the settings of a group. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN, MEDIA_NOT_FOUND, INVALID_INPUT. */
  async update(actor: Actor, id: number, { muteAll, ...given }: UpdateGroup): Promise<Group> {
    const changes = await this.service.picture.publish(actor, given);
    return this.service.group.access.run(actor, id, 'update', async ({ unit, conversation, row }) => {
      const { transaction } = unit.session;
      const { ids: receiverIds } = conversation.members;
      const isMuted = muteAll ?? conversation.muteAll;
      const changed: string[] = row.set(settingsOf(changes)).changed() || [];
      if (isMuted !== conversation.muteAll) changed.push('muteAll');
      const group = presentGroup(row, receiverIds.length, isMuted);
      if (changed.length === 0) return group;
      await row.save({ transaction });
      await this.app.model.Conversation.update({ muteAll: isMuted }, { where: { id }, transaction });
      const by = String(actor.userId);
      unit.record({ type: 'group.updated', receiverIds, conversationId: id, data: { group, by } });
      for (const line of linesOf(changed, group, by)) unit.post(conversation, receiverIds, line);
      return group;
    });
  }
}

/** Settings in which an empty announcement is none. */
function settingsOf<T extends { announcement?: string | null }>(given: T): T {
  return given.announcement === '' ? { ...given, announcement: null } : given;
}

/** What is said in the conversation about these changes. */
function linesOf(changed: readonly string[], group: Group, by: string): SystemContent[] {
  const lines: SystemContent[] = [];
  if (changed.includes('name')) lines.push({ event: 'renamed', by, name: group.name });
  if (changed.includes('announcement') && group.announcement) lines.push({ event: 'announced', by });
  if (changed.includes('muteAll')) lines.push({ event: group.muteAll ? 'muted' : 'unmuted', by });
  return lines;
}
