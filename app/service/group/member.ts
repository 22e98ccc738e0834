import { Service } from 'egg';
import { Op } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { memberRemovalDenial, memberUpdateDenial } from '../../policy/group';
import { CARD_COLUMNS } from '../../presenter/card';
import { presentMember } from '../../presenter/member';
import { AppError, assertAllowed } from '../../schema/errors';
import type { Group, ListMembers, Member, UpdateMember } from '../../schema/group';
import { pageOf, type Page } from '../../schema/page';
import { presentLocked, roleIn } from './access';

/** The members of groups. */
export default class MemberService extends Service {
  /** A page of members in order of id. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER. */
  async list(actor: Actor, id: number, { cursor, limit }: ListMembers): Promise<Page<Member>> {
    await this.service.conversation.access.membership(actor, id, 'group');
    // Index: conversation_member PRIMARY, one range.
    const rows = await this.app.model.ConversationMember.findAll({
      where: { conversationId: id, userId: { [Op.gt]: Number(cursor ?? 0) } },
      include: { association: 'user', attributes: CARD_COLUMNS },
      order: ['userId'],
      limit,
    });
    const members = rows.map(row => presentMember(row, row.user));
    return pageOf(members, rows, limit, ({ userId }) => String(userId));
  }

  /** Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, USER_NOT_FOUND (the user asked for is no member). */
  async show(actor: Actor, id: number, userId: number): Promise<Member> {
    await this.service.conversation.access.membership(actor, id, 'group');
    // Index: conversation_member PRIMARY.
    const row = await this.app.model.ConversationMember.findOne({
      where: { conversationId: id, userId },
      include: { association: 'user', attributes: CARD_COLUMNS },
    });
    if (!row) throw new AppError('USER_NOT_FOUND');
    return presentMember(row, row.user);
  }

  /**
   * Adds users to a group, or invites those who do not let the actor add them and have not asked; members stay as they are.
   * Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN, USER_NOT_FOUND, BLOCKED, BANNED, GROUP_FULL, LIMIT_REACHED.
   */
  async add(actor: Actor, id: number, userIds: readonly number[]): Promise<Group> {
    await this.service.account.directory.requireUsers(actor.app, userIds);
    return this.service.group.access.run(actor, id, 'admit', async group => {
      const { unit, conversation } = group;
      const added = userIds.filter(userId => !conversation.members.index.has(userId));
      await this.service.contact.block.requireWelcome(actor.userId, added, unit.session.transaction);
      await this.service.group.former.requireUnbanned(group, actor.userId, added);
      const addable = await this.service.contact.privacy.addable(actor.userId, added, unit.session.transaction);
      const asking = await this.service.group.request.findAsking(group, added);
      const isAdded = (userId: number) => addable.has(userId) || asking.has(userId);
      const invited = added.filter(userId => !isAdded(userId));
      if (invited.length > 0) {
        this.service.group.access.requireRoom(conversation.members.ids.length + added.length);
        await this.service.group.request.ask(group, 'invitation', invited, actor.userId, undefined);
      }
      return this.service.group.roster.enter(group, added.filter(isAdded), actor.userId, 'added');
    });
  }

  /** Bans them; those who are not members are passed over. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN. */
  async remove(actor: Actor, id: number, userIds: readonly number[]): Promise<Group> {
    const { access, roster } = this.service.group;
    const { told, removed, lastSeq } = await access.run(actor, id, 'remove', async group => {
      const { members, lastSeq } = group.conversation;
      const removed = userIds.filter(userId => members.index.has(userId));
      const roleOf = (userId: number) => roleIn(group, userId)!;
      assertAllowed(memberRemovalDenial(roleOf(actor.userId), removed.map(roleOf)));
      const left = removed.length > 0 ? await roster.drop(group, removed, actor.userId, 'removed') : members.ids;
      return { told: presentLocked(group, left.length), removed, lastSeq };
    });
    this.service.presence.recheck(userIds);
    await roster.forgetStars(id, removed, lastSeq);
    return told;
  }

  /**
   * Takes the actor out of a group. An owner leaves it to an heir, and the last member ends it. Throws
   * CONVERSATION_NOT_FOUND, NOT_A_MEMBER.
   */
  async leave(actor: Actor, id: number): Promise<void> {
    const { userId } = actor;
    const { access, ownership, roster } = this.service.group;
    const lastSeq = await access.run(actor, id, null, async group => {
      const { members, lastSeq } = group.conversation;
      if (members.ids.length === 1) await ownership.end(group, userId);
      else {
        const left = await roster.drop(group, [userId], userId, 'left');
        if (group.row.ownerId === userId) await ownership.bequeath(group, userId, left);
      }
      return lastSeq;
    });
    this.service.presence.recheck([userId]);
    await roster.forgetStars(id, [userId], lastSeq);
  }

  /**
   * Changes the role, mute or alias of a member, as `memberUpdateDenial` allows. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER,
   * USER_NOT_FOUND, FORBIDDEN, LIMIT_REACHED.
   */
  async update(actor: Actor, id: number, memberId: number, changes: UpdateMember): Promise<Member> {
    const { app, userId } = actor;
    return this.service.group.access.run(actor, id, null, async group => {
      const { members, at } = group.conversation;
      const [role, memberRole] = [userId, memberId].map(each => roleIn(group, each));
      assertAllowed(memberUpdateDenial({ userId, role: role!, memberId, memberRole, changes }));
      if (changes.role === 'admin') this.service.group.access.requireAdminPlace(group, memberId);
      const { mutedUntil, ...rest } = changes;
      const mute = mutedUntil === undefined ? {} : { mutedUntil: future(mutedUntil, at) };
      const changed = { ...rest, ...mute };
      const member = await this.service.group.roster.change(group, memberId, changed, userId, members.ids);
      return presentMember(member, await this.service.account.directory.find(app, memberId));
    });
  }
}

/** A mute that is over is none. */
function future(time: string | null, now: Date): Date | null {
  return time && Date.parse(time) > now.getTime() ? new Date(time) : null;
}
