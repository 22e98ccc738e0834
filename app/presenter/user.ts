import type { UserModel } from '../model/user';
import type { User } from '../schema/user';
import { presentDeleted, presentVersion } from './card';
import { present } from './present';

export type UserRow = Pick<
  UserModel,
  'id' | 'account' | 'name' | 'avatar' | 'gender' | 'signature' | 'background' | 'cardVersion'
> & { readonly deletedAt?: Date | null };

/** A user as everybody of the tenant sees them. */
export function presentUser(user: UserRow): User {
  const { id, account, name, avatar, gender, signature, background, cardVersion, deletedAt } = user;
  return {
    id: String(id),
    // It is kept for a while, but nobody has it.
    account: deletedAt ? '' : account,
    name,
    ...present({ avatar, gender, signature, background }),
    ...presentVersion(cardVersion),
    ...presentDeleted(deletedAt),
  };
}
