import type { UserModel } from '../model/user';
import type { Card } from '../schema/person';
import { present } from './present';

type Row = Pick<UserModel, 'id' | 'name' | 'avatar'>;

/** A user, or a group, where another thing is the subject. */
export function presentCard({ id, name, avatar }: Row): Card {
  return { id: String(id), name, ...present({ avatar }) };
}

/** Cards by the ids of their users, or groups. */
export function presentCards(rows: readonly Row[]): Map<number, Card> {
  return new Map(rows.map(row => [row.id, presentCard(row)]));
}
