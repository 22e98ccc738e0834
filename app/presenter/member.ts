import type { ConversationMemberModel } from '../model/conversation_member';
import type { UserModel } from '../model/user';
import type { Member } from '../schema/group';
import type { EntryData } from '../schema/sync';
import { presentVersion } from './card';
import { present } from './present';

type Row = Pick<ConversationMemberModel, 'userId' | 'role' | 'alias' | 'mutedUntil' | 'joinedAt'>;

/** A member of a group; the name is empty when the user is not known any more. */
export function presentMember(row: Row, user?: Pick<UserModel, 'name' | 'avatar' | 'cardVersion'>): Member {
  const { userId, role, alias, mutedUntil, joinedAt } = row;
  const { name = '', avatar, cardVersion = 0 } = user ?? {};
  return {
    userId: String(userId),
    name,
    ...present({ avatar, alias, mutedUntil: mutedUntil?.toISOString() }),
    ...presentVersion(cardVersion),
    role,
    joinedAt: joinedAt.toISOString(),
  };
}

/** What all members are told when one of them has changed a member. */
export function presentMemberUpdate(row: Omit<Row, 'joinedAt'>, byId: number): EntryData<'group.member_updated'> {
  const { userId, role, alias, mutedUntil } = row;
  const rest = present({ alias, mutedUntil: mutedUntil?.toISOString() });
  return { userId: String(userId), role, ...rest, by: String(byId) };
}
