import { LRUCache } from 'lru-cache';
import { select, type Select } from '../database/statement';
import type { Tables } from '../database/tables';
import type { ImNamespace } from '../stream/socket';

type CardRow = Pick<Tables['user'], 'id' | 'card_version'>;

const USERS = 100_000;
/** A change that another node was not told of, because Redis was down, is known by then. */
const KNOWN_MS = 60_000;

/**
 * The versions of the cards of recent senders, which their messages carry, so that everybody notices when a card is out of date. It
 * costs a message nothing while its sender is known.
 */
export class CardVersions {
  private readonly versions = new LRUCache<number, number>({ max: USERS, ttl: KNOWN_MS, allowStale: true });

  constructor(private readonly namespace: ImNamespace) {
    namespace.on('card', (userId, version) => this.learn(userId, version));
  }

  /** 0 of who is not known. */
  of(userId: number): number {
    return this.versions.get(userId) ?? 0;
  }

  /** SELECTs the versions of those who are not known. Index: user PRIMARY. */
  selectUnknown(userIds: ReadonlySet<number>): Select<CardRow>[] {
    const unknown = [...userIds].filter(id => !this.versions.has(id));
    return unknown.length > 0 ? [select('user', ['id', 'card_version'], `WHERE id IN (${unknown.join()})`)] : [];
  }

  /** Versions only rise: what was read before a change may come after it. */
  learn(userId: number, version: number): void {
    this.versions.set(userId, Math.max(version, this.of(userId)));
  }

  /** All nodes learn it. To be called after the commit. */
  announce(userId: number, version: number): void {
    this.namespace.serverSideEmit('card', userId, version);
    this.learn(userId, version);
  }
}
