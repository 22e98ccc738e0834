import type { FormerMemberModel } from '../model/former_member';
import type { Ban } from '../schema/group';
import { presentCard } from './card';
import { present } from './present';

/** A ban as owner and admins see it. */
export function presentBan({ user, by, bannedAt }: Pick<FormerMemberModel, 'user' | 'by' | 'bannedAt'>): Ban {
  return { user: presentCard(user!), ...present({ by: by && presentCard(by) }), at: bannedAt!.toISOString() };
}
