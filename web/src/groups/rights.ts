import type { Group, Member } from 'egg-im-client';

/** What somebody of a role may do in a group: what they may not is not offered. The server decides in the end. */
export interface Rights {
  readonly isOwner: boolean;
  /** Name, announcement, who may join, mutes, requests and bans. */
  readonly manages: boolean;
  readonly adds: boolean;
  /** Mutes and removes this one. */
  governs(member: Pick<Member, 'role'>): boolean;
}

export function rightsOf(role: Member['role'] | undefined, joinPolicy: Group['joinPolicy'] | undefined): Rights {
  const isOwner = role === 'owner';
  const manages = isOwner || role === 'admin';
  return {
    isOwner,
    manages,
    adds: manages || (role !== undefined && joinPolicy === 'open'),
    governs: member => (isOwner ? member.role !== 'owner' : manages && member.role === 'member'),
  };
}
