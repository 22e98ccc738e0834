import type { UserModel } from '../model/user';
import type { Card } from '../schema/person';
import { present } from './present';

/** A user, or a group, where another thing is the subject. */
export function presentCard({ id, name, avatar }: Pick<UserModel, 'id' | 'name' | 'avatar'>): Card {
  return { id: String(id), name, ...present({ avatar }) };
}
