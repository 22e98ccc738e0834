import type { UserModel } from '../model/user';
import type { User } from '../schema/user';
import { presentVersion } from './card';
import { present } from './present';

export type UserRow = Pick<
  UserModel,
  'id' | 'account' | 'name' | 'avatar' | 'gender' | 'signature' | 'background' | 'cardVersion'
>;

/** A user as everybody of the tenant sees them. */
export function presentUser(user: UserRow): User {
  const { id, account, name, avatar, gender, signature, background, cardVersion } = user;
  return {
    id: String(id),
    account,
    name,
    ...present({ avatar, gender, signature, background }),
    ...presentVersion(cardVersion),
  };
}
