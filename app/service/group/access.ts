import { Service } from 'egg';
import type { Actor } from '../../lib/auth/actor';
import type { ModelUnit } from '../../lib/engine';
import type { LockedConversation } from '../../lib/message/locked_conversation';
import type { ChatGroupModel } from '../../model/chat_group';
import { adminLimitDenial, rightDenial, roomDenial } from '../../policy/group';
import { roleOf, type Right } from '../../policy/roles';
import { presentGroup } from '../../presenter/group';
import { assertAllowed } from '../../schema/errors';
import type { Group, Role } from '../../schema/group';

/** A group whose conversation is locked: nothing of it changes meanwhile. */
export interface LockedGroup {
  readonly unit: ModelUnit;
  readonly conversation: LockedConversation;
  readonly row: ChatGroupModel;
}

/** The role of a user in a locked group; undefined when they are no member. */
export function roleIn({ row, conversation }: LockedGroup, userId: number): Role | undefined {
  return roleOf(userId, row.ownerId, conversation.members);
}

/** A locked group as clients see it, with so many members. */
export function presentLocked({ row, conversation }: LockedGroup, memberCount: number): Group {
  return presentGroup(row, memberCount, conversation.muteAll);
}

/** Use cases within one group. */
export default class GroupAccessService extends Service {
  /**
   * Runs a use case in a group of the actor's, where it takes a right if one is named. Throws CONVERSATION_NOT_FOUND,
   * NOT_A_MEMBER, FORBIDDEN.
   */
  run<T>(actor: Actor, id: number, right: Right | null, work: (group: LockedGroup) => Promise<T>): Promise<T> {
    return this.runAny(actor, id, group => {
      assertAllowed(rightDenial(roleIn(group, actor.userId), right, group.row.joinPolicy));
      return work(group);
    });
  }

  /** The same in a group that the actor need not be in. Throws CONVERSATION_NOT_FOUND. */
  runAny<T>({ app, userId }: Actor, id: number, work: (group: LockedGroup) => Promise<T>): Promise<T> {
    const ofGroup = async (conversation: LockedConversation, unit: ModelUnit) => {
      const { transaction } = unit.session;
      const row = await this.app.model.ChatGroup.findByPk(id, { transaction, rejectOnEmpty: true });
      return work({ unit, conversation, row });
    };
    return this.app.engine.conversationChanges.run(id, { app, userId, type: 'group', work: ofGroup });
  }

  /** Throws GROUP_FULL. */
  requireRoom(members: number): void {
    const limit = this.app.config.im.groupMaxMembers;
    assertAllowed(roomDenial(members, limit), { GROUP_FULL: { limit } });
  }

  /** A place for a user among the admins of a group, beside its owner. Throws LIMIT_REACHED. */
  requireAdminPlace({ conversation }: LockedGroup, userId: number): void {
    const limit = this.app.config.im.groupMaxAdmins;
    assertAllowed(adminLimitDenial(userId, conversation.members, limit), { LIMIT_REACHED: { limit } });
  }
}
