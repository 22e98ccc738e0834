import type { UserModel } from '../model/user';
import type { Me } from '../schema/user';
import { present } from './present';
import { presentUser, type UserRow } from './user';

/** A user as they see themselves. */
export function presentMe(user: UserRow & Pick<UserModel, 'app' | 'phone' | 'hidePresence'>): Me {
  return { ...presentUser(user), app: user.app, ...present({ phone: user.phone }), hidePresence: user.hidePresence };
}
