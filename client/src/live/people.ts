import type { Card, Friend, FriendRequest, GroupRequest, Me } from '../protocol.js';
import type { Changes, ListName } from '../store/changes.js';
import type { Reading } from '../store/store.js';
import { Value, type Live } from './value.js';
import type { View } from './views.js';

const LISTS = ['friends', 'friendRequests', 'groupRequests'] as const;

/** The users that are known here: the one whose client it is, friends, those who are blocked, and the cards of all. */
export interface People {
  /** The user's own account; undefined until it is known. */
  readonly me: Live<Me | undefined>;
  readonly friends: Live<readonly Friend[]>;
  /** Those that are open: to the user, and by the user. */
  readonly friendRequests: Live<readonly FriendRequest[]>;
  /** Those to groups of which the user is an admin, and the user's own and invitations. */
  readonly groupRequests: Live<readonly GroupRequest[]>;
  /** Ids of blocked users. */
  readonly blocks: Live<ReadonlySet<string>>;
  /** Cards by id. A new map each time that something in it has changed. */
  readonly cards: Live<ReadonlyMap<string, Card>>;
  /** What the user calls somebody: their own alias, or the name of the card; undefined when nothing is known. */
  nameOf(userId: string): string | undefined;
}

/** People, as the store has them. */
export class PeopleView implements People, View {
  readonly me = new Value<Me | undefined>(undefined);
  readonly friends = new Value<readonly Friend[]>([]);
  readonly friendRequests = new Value<readonly FriendRequest[]>([]);
  readonly groupRequests = new Value<readonly GroupRequest[]>([]);
  readonly blocks = new Value<ReadonlySet<string>>(new Set());
  readonly cards = new Value<ReadonlyMap<string, Card>>(new Map());

  #aliases: ReadonlyMap<string, string | undefined> = new Map();

  async refresh(t: Reading, changes: Changes): Promise<void> {
    const has = (name: ListName) => changes.all ?? changes.lists.includes(name);
    if (has('me')) this.me.set(await t.get('me', ['me']));
    if (has('blocks')) this.blocks.set(new Set((await t.list('blocks')).map(each => each.userId)));
    if (has('friends')) this.#aliases = new Map((await t.list('friends')).map(each => [each.user.id, each.alias]));
    for (const name of LISTS) if (has(name)) (this[name] as Value<unknown>).set(await t.list(name));
    await this.#refreshCards(t, changes);
  }

  async #refreshCards(t: Reading, changes: Changes): Promise<void> {
    if (changes.all) return this.cards.set(new Map((await t.list('cards')).map(each => [each.id, each])));
    if (changes.cards.length === 0) return;
    const cards = new Map(this.cards.value);
    for (const id of changes.cards) {
      const card = await t.get('cards', [id]);
      if (card) cards.set(id, card);
    }
    this.cards.set(cards);
  }

  nameOf(userId: string): string | undefined {
    return this.#aliases.get(userId) ?? this.cards.value.get(userId)?.name;
  }
}
