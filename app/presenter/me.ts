import type { UserModel } from '../model/user';
import type { Me } from '../schema/user';
import { present } from './present';
import { presentUser, type UserRow } from './user';

type Allowed = 'allowGroups' | 'allowMessages' | 'allowPhone' | 'allowPresence';

/** A user as they see themselves. */
export function presentMe(user: UserRow & Pick<UserModel, 'app' | 'phone' | 'hidePresence' | Allowed>): Me {
  const { app, phone, hidePresence, allowGroups, allowMessages, allowPhone, allowPresence } = user;
  const privacy = { groups: allowGroups, messages: allowMessages, phone: allowPhone, presence: allowPresence };
  return { ...presentUser(user), app, ...present({ phone }), hidePresence, privacy };
}
