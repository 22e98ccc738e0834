import type { Audience } from '../../schema/user';
import type { Database } from '../database/pool';
import { literal, select } from '../database/statement';
import type { Tables } from '../database/tables';

/** A user as they log in and see themselves. */
export interface Account {
  readonly id: number;
  readonly app: string;
  readonly account: string;
  readonly passwordHash: string;
  readonly name: string;
  readonly phone: string | null;
  readonly avatar: string | null;
  readonly gender: Tables['user']['gender'];
  readonly signature: string | null;
  readonly background: string | null;
  readonly hidePresence: boolean;
  readonly cardVersion: number;
  readonly allowGroups: Audience;
  readonly allowMessages: Audience;
  readonly allowPhone: Audience;
  readonly allowPresence: Audience;
}

const COLUMNS = [
  'id',
  'app',
  'account',
  'password_hash',
  'name',
  'phone',
  'avatar',
  'gender',
  'signature',
  'background',
  'hide_presence',
  'card_version',
  'allow_groups',
  'allow_messages',
  'allow_phone',
  'allow_presence',
] as const;

/** Reads those who log in, and so none who are deleted. Throws UNAVAILABLE. */
export class Accounts {
  constructor(private readonly database: Database) {}

  /** By the name in lower case. Index: user_account. */
  findByName(app: string, account: string): Promise<Account | undefined> {
    return this.find(`app = ${literal(app)} AND account = ${literal(account)}`);
  }

  /** Index: user PRIMARY. */
  findById(id: number): Promise<Account | undefined> {
    return this.find(`id = ${id}`);
  }

  private async find(condition: string): Promise<Account | undefined> {
    const [row] = await this.database.select<Row | undefined>(
      select('user', COLUMNS, `WHERE ${condition} AND deleted_at IS NULL`),
    );
    if (!row) return undefined;
    const { password_hash: passwordHash, hide_presence: hides, card_version: cardVersion, ...rest } = row;
    const { allow_groups: allowGroups, allow_messages: allowMessages, ...other } = rest;
    const { allow_phone: allowPhone, allow_presence: allowPresence, ...same } = other;
    const privacy = { allowGroups, allowMessages, allowPhone, allowPresence };
    return { ...same, ...privacy, passwordHash, hidePresence: hides === 1, cardVersion };
  }
}

type Row = Pick<Tables['user'], (typeof COLUMNS)[number]>;
