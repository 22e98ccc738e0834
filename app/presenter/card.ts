import type { UserModel } from '../model/user';
import type { Card } from '../schema/person';
import { present } from './present';

/** What a card is made of. */
export const CARD_COLUMNS: ('id' | 'name' | 'avatar' | 'cardVersion' | 'deletedAt')[] = [
  'id',
  'name',
  'avatar',
  'cardVersion',
  'deletedAt',
];
export type CardRow = Pick<UserModel, 'id' | 'name' | 'avatar' | 'cardVersion'> & { readonly deletedAt?: Date | null };

/** A user where another thing is the subject. */
export function presentCard({ id, name, avatar, cardVersion, deletedAt }: CardRow): Card {
  return { id: String(id), name, ...present({ avatar }), ...presentVersion(cardVersion), ...presentDeleted(deletedAt) };
}

/** The version of a card, if it was ever changed. */
export function presentVersion(version: number): { readonly version?: number } {
  return version === 0 ? {} : { version };
}

/** Says of a deleted user that they are. */
export function presentDeleted(deletedAt: Date | null | undefined): { readonly deleted?: true } {
  return deletedAt ? { deleted: true } : {};
}

/** Cards by the ids of their users. */
export function presentCards(rows: readonly CardRow[]): Map<number, Card> {
  return new Map(rows.map(row => [row.id, presentCard(row)]));
}
