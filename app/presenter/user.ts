import type { UserModel } from '../model/user';
import type { User } from '../schema/user';
import { present } from './present';

/** A user as everybody of the tenant sees them. */
export function presentUser(user: UserModel): User {
  const { id, account, name, avatar, gender, signature, background } = user;
  return { id: String(id), account, name, ...present({ avatar, gender, signature, background }) };
}
