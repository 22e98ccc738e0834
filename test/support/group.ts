import type { Role } from '../../app/model/conversation_member';
import type { Group } from '../../app/schema/group';
import type { Person } from './person';
import { app } from './service';

export const idsOf = (persons: readonly Person[]) => persons.map(each => each.id);

/** A group of these, which the first has made. */
export async function groupOf([owner, ...others]: readonly Person[]): Promise<Group> {
  return owner.ask('group.create', { body: { name: 'Us', memberIds: idsOf(others) } });
}

/** Who is in the group, as one of them sees it. */
export async function rolesIn(id: string, seenBy: Person): Promise<Record<string, Role>> {
  const members = await seenBy.ask('group.members', { id });
  return Object.fromEntries(members.map(each => [each.userId, each.role]));
}

export async function makeAdmin(id: string, someone: Person): Promise<void> {
  const where = { conversationId: Number(id), userId: Number(someone.id) };
  await app.model.ConversationMember.update({ role: 'admin' }, { where });
}
