import type { UserModel } from '../model/user';
import type { Card } from '../schema/person';
import { present } from './present';

/** What a card is made of. */
export const CARD_COLUMNS: ('id' | 'name' | 'avatar')[] = ['id', 'name', 'avatar'];
export type CardRow = Pick<UserModel, 'id' | 'name' | 'avatar'>;

/** A user, or a group, where another thing is the subject. */
export function presentCard({ id, name, avatar }: CardRow): Card {
  return { id: String(id), name, ...present({ avatar }) };
}

/** Cards by the ids of their users, or groups. */
export function presentCards(rows: readonly CardRow[]): Map<number, Card> {
  return new Map(rows.map(row => [row.id, presentCard(row)]));
}
