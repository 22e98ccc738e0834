import { Service } from 'egg';
import { IndexHints, literal, Op, type Transaction, type InferAttributes, type WhereOptions } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { AppError } from '../../schema/errors';
import { CARD_COLUMNS, presentCard, presentCards, type CardRow } from '../../presenter/card';
import type { UserModel } from '../../model/user';
import { pageOf, partsOf, type Page } from '../../schema/page';
import type { Card, SearchUsers } from '../../schema/person';
import { Account, Phone } from '../../schema/user';

type Condition = WhereOptions<InferAttributes<UserModel>>;

/** One of the ways in which words lead to users, and the index that it goes by. */
interface Way {
  readonly index: string;
  readonly is: Condition;
  readonly isNot: Condition;
}

/** The end of a page of a search: the way by which the last user was found, and that user. */
interface Place {
  readonly way: number;
  readonly id: number;
  readonly name: string;
}

/** Users as others find and see them. */
export default class DirectoryService extends Service {
  /** Throws USER_NOT_FOUND, also for a user of another app, and for one who is deleted. */
  async find(app: string, userId: number): Promise<UserModel> {
    const user = await this.app.model.User.findOne({ where: { id: userId, app, deletedAt: null } });
    if (!user) throw new AppError('USER_NOT_FOUND');
    return user;
  }

  /** Throws USER_NOT_FOUND with those who are not users of that app. */
  async requireUsers(app: string, userIds: readonly number[]): Promise<void> {
    const users = await this.app.model.User.findAll({
      where: { id: [...userIds], app, deletedAt: null },
      attributes: ['id'],
      raw: true,
    });
    const found = new Set(users.map(user => user.id));
    const missing = userIds.filter(id => !found.has(id));
    if (missing.length > 0) throw new AppError('USER_NOT_FOUND', { userIds: missing.map(String) });
  }

  /**
   * Finds users of the actor's tenant, but not the actor. The one with that account comes first, then those with that phone
   * number, then those whose name begins so, each of them in order of name and id. Throws INVALID_INPUT.
   */
  async search(actor: Actor, { q, cursor, limit }: SearchUsers): Promise<Page<Card>> {
    const place = cursor === undefined ? undefined : placeOf(cursor);
    const ways = waysTo(q, actor.userId);
    const found: (Place & CardRow)[] = [];
    for (let way = place?.way ?? 0; way < ways.length && found.length < limit; way++) {
      const conditions = [
        { app: actor.app, id: { [Op.ne]: actor.userId }, deletedAt: null },
        ways[way].is,
        // A user who is found in one way is not found again in a later one.
        ...ways.slice(0, way).map(each => each.isNot),
        ...(way === place?.way ? [isAfter(place)] : []),
      ];
      const users = await this.app.model.User.findAll({
        where: { [Op.and]: conditions },
        attributes: CARD_COLUMNS,
        order: ['name', 'id'],
        limit: limit - found.length,
        // The index is named, because MySQL may otherwise read all users in the order of names until the page is full.
        indexHints: [{ type: IndexHints.FORCE, values: [ways[way].index] }],
        raw: true,
      });
      found.push(...users.map(({ id, name, avatar, cardVersion }) => ({ way, id, name, avatar, cardVersion })));
    }
    return pageOf(found.map(presentCard), found, limit, cursorOf);
  }

  /** Cards in the order of the ids; those who are not users of the actor's tenant are passed over. Index: user PRIMARY. */
  async batch({ app }: Actor, userIds: readonly number[]): Promise<Card[]> {
    const users = await this.app.model.User.findAll({
      where: { id: [...userIds], app },
      attributes: CARD_COLUMNS,
      raw: true,
    });
    const cards = presentCards(users);
    return userIds.flatMap(id => cards.get(id) ?? []);
  }

  /** The cards of users, by their ids. Index: user PRIMARY. */
  async cards(
    userIds: readonly number[],
    transaction?: Transaction,
    lock?: Transaction['LOCK']['SHARE'],
  ): Promise<Map<number, Card>> {
    const users = await this.app.model.User.findAll({
      where: { id: [...userIds] },
      attributes: CARD_COLUMNS,
      transaction,
      lock,
      raw: true,
    });
    return presentCards(users);
  }

  /**
   * The same as they stay until the transaction has ended, for an entry that makes a friend or names one: a change of a card is told
   * to those who are friends by then, and comes after that entry.
   */
  lockedCards(userIds: readonly number[], transaction: Transaction): Promise<Map<number, Card>> {
    return this.cards(userIds, transaction, transaction.LOCK.SHARE);
  }
}

/** The ways to search. Words that can not be an account or a phone number are not looked for as one. */
function waysTo(q: string, viewerId: number): Way[] {
  const account = q.toLowerCase();
  const byAccount = { index: 'user_account', is: { account }, isNot: { account: { [Op.ne]: account } } };
  const otherPhone = { [Op.or]: [{ [Op.is]: null }, { [Op.ne]: q }] };
  // Index: friend PRIMARY.
  const friendIds = literal(`(SELECT friend_id FROM friend WHERE user_id = ${viewerId})`);
  const byPhone = {
    index: 'user_phone',
    is: { phone: q, [Op.or]: [{ allowPhone: 'everyone' }, { allowPhone: 'friends', id: { [Op.in]: friendIds } }] },
    isNot: {
      [Op.or]: [
        { phone: otherPhone },
        { allowPhone: 'nobody' },
        { allowPhone: 'friends', id: { [Op.notIn]: friendIds } },
      ],
    },
  } as const;
  const begins = `${q.replace(/[\\%_]/g, '\\$&')}%`;
  const byName = { index: 'user_name', is: { name: { [Op.like]: begins } }, isNot: {} };
  return [...(isA(Account, q) ? [byAccount] : []), ...(isA(Phone, q) ? [byPhone] : []), byName];
}

function isA({ pattern }: { pattern?: string }, q: string): boolean {
  return new RegExp(pattern!).test(q);
}

function isAfter({ name, id }: Place): Condition {
  return { [Op.or]: [{ name: { [Op.gt]: name } }, { name, id: { [Op.gt]: id } }] };
}

/** The cursor of a place. Its name is in UTF-16, in which the longest name still fits a cursor. */
function cursorOf({ way, id, name }: Place): string {
  return `${way}-${id}-${Buffer.from(name, 'utf16le').toString('base64url')}`;
}

function placeOf(cursor: string): Place {
  const [way, id, name] = partsOf(cursor, /^([0-2])-(\d{1,16})-([\w-]+)$/);
  return { way: Number(way), id: Number(id), name: Buffer.from(name, 'base64url').toString('utf16le') };
}
