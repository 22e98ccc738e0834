import type { JoinPolicy, Role } from '../schema/group';
import type { Members } from './conversation';

const RANK: Record<Role, number> = { member: 0, admin: 1, owner: 2 };

/** Who may do what in a group: the least role that it takes. */
const NEEDED = {
  update: 'admin',
  /** add and invite */
  admit: 'admin',
  /** see and answer requests */
  review: 'admin',
  /** those of a lower role */
  remove: 'admin',
  mute: 'admin',
  promote: 'owner',
  transfer: 'owner',
  dissolve: 'owner',
} satisfies Record<string, Role>;

export type Right = keyof typeof NEEDED;

/** Whether a role has a right in a group. In an open group any member lets others in. */
export function may(role: Role, right: Right, joinPolicy?: JoinPolicy): boolean {
  return RANK[role] >= RANK[NEEDED[right]] || (right === 'admit' && joinPolicy === 'open');
}

/** Whether somebody of one role may remove, mute or promote somebody of the other. */
export function outranks(role: Role, other: Role): boolean {
  return RANK[role] > RANK[other];
}

/** The role of a user in a group; undefined when they are no member. */
export function roleOf(userId: number, ownerId: number, members: Members): Role | undefined {
  if (!members.index.has(userId)) return undefined;
  if (userId === ownerId) return 'owner';
  return members.admins.has(userId) ? 'admin' : 'member';
}
