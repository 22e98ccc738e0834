import { LRUCache } from 'lru-cache';
import type { Query } from '../database/session';
import { select, sql, type Select } from '../database/statement';
import type { Tables } from '../database/tables';
import type { Members } from '../../policy/conversation';
import type { Audience } from '../../schema/user';

/** Members as they were at a `member_version` of their conversation. */
interface Held extends Members {
  readonly version: number;
}

/** A conversation as far as its members depend on it. */
type ConversationRow = Pick<Tables['conversation'], 'id' | 'type' | 'member_version'>;

interface MemberRow extends Pick<
  Tables['conversation_member'],
  'conversation_id' | 'user_id' | 'role' | 'muted_until'
> {
  /** Of a single conversation: whether the member has ever written, has blocked the other, and has them as a friend. */
  readonly has_written?: number;
  readonly blocks?: number;
  readonly befriends?: number;
  readonly audience?: Audience;
}

const UNSEEN = 200;
/** Member entries held in all; a group of 2,000 and a thousand single conversations weigh the same. */
const CAPACITY = 500_000;

/**
 * The members of recent conversations. It can not be stale: whoever changes members, roles, mutes, blocks or friendships, or
 * writes to who is no friend for the first time, raises `member_version` in the same transaction, under the lock of the
 * conversation's row, and what is held is used only for the version read under that lock. Who allows messages to others than
 * before has it raised before that is answered.
 */
export class MemberCache {
  private readonly lists: LRUCache<number, Held>;

  /** @param capacity how many members it holds in all; each conversation counts as one more */
  constructor(capacity = CAPACITY) {
    this.lists = new LRUCache({ maxSize: capacity, sizeCalculation: ({ ids }) => 1 + ids.length });
  }

  /** How many members the conversation had when last seen; a guess that suits groups when it was not. */
  size(conversationId: number): number {
    return this.lists.get(conversationId)?.ids.length ?? UNSEEN;
  }

  /**
   * The members of each conversation; `conversations` are rows that the transaction has locked. Of a system conversation only
   * those among `userIds`: all users of a tenant may be in it, and only the server writes to it.
   */
  async read(
    query: Query,
    conversations: readonly ConversationRow[],
    userIds: readonly number[] = [],
  ): Promise<Map<number, Members>> {
    const result = new Map<number, Members>();
    const missing = new Map<number, ConversationRow>();
    for (const conversation of conversations) {
      const { id, member_version: version } = conversation;
      const list = this.lists.get(id);
      if (list?.version === version) result.set(id, list);
      else missing.set(id, conversation);
    }
    if (missing.size > 0) {
      const rows = (await query(statements([...missing.values()], userIds))).flat();
      const grouped = new Map<number, MemberRow[]>([...missing.keys()].map(id => [id, []]));
      for (const row of rows) grouped.get(row.conversation_id)!.push(row);
      for (const [id, conversation] of missing) {
        const list = listOf(conversation.member_version, grouped.get(id)!);
        result.set(id, list);
        if (conversation.type !== 'system') this.lists.set(id, list);
      }
    }
    return result;
  }
}

/** Index: conversation_member, block, friend and user PRIMARY. */
function statements(conversations: readonly ConversationRow[], userIds: readonly number[]): Select<MemberRow>[] {
  const idsOf = (type: string) => conversations.filter(row => row.type === type).map(row => row.id);
  const [singles, groups, systems] = ['single', 'group', 'system'].map(idsOf);
  const single = sql<MemberRow>(`SELECT m.conversation_id, m.user_id, m.role, m.muted_until, m.has_written,
      EXISTS(SELECT 1 FROM block WHERE user_id = m.user_id AND blocked_id = peer.user_id) AS blocks,
      EXISTS(SELECT 1 FROM friend WHERE user_id = m.user_id AND friend_id = peer.user_id) AS befriends,
      (SELECT allow_messages FROM user WHERE id = m.user_id) AS audience
    FROM conversation_member m
    LEFT JOIN conversation_member peer ON peer.conversation_id = m.conversation_id AND peer.user_id <> m.user_id
    WHERE m.conversation_id IN (${singles.join()}) ORDER BY m.conversation_id, m.user_id`);
  const listed = (where: string) =>
    select(
      'conversation_member',
      ['conversation_id', 'user_id', 'role', 'muted_until'],
      `WHERE ${where} ORDER BY conversation_id, user_id`,
    );
  const isAsked = systems.length > 0 && userIds.length > 0;
  return [
    ...(singles.length > 0 ? [single] : []),
    ...(groups.length > 0 ? [listed(`conversation_id IN (${groups.join()})`)] : []),
    ...(isAsked ? [listed(`conversation_id IN (${systems.join()}) AND user_id IN (${userIds.join()})`)] : []),
  ];
}

function listOf(version: number, rows: readonly MemberRow[]): Held {
  const ids = rows.map(row => row.user_id);
  const idsWhere = (test: (row: MemberRow) => boolean) => new Set(rows.filter(test).map(row => row.user_id));
  return {
    version,
    ids,
    index: new Map(ids.map((id, index) => [id, index])),
    admins: idsWhere(row => row.role !== 'member'),
    mutedUntil: new Map(rows.flatMap(row => (row.muted_until ? [[row.user_id, row.muted_until.getTime()]] : []))),
    blockers: idsWhere(row => row.blocks === 1),
    audiences: new Map(
      rows.flatMap(({ user_id: id, audience = 'everyone' }) => (audience === 'everyone' ? [] : [[id, audience]])),
    ),
    writers: idsWhere(row => row.has_written === 1),
    friends: rows.some(row => row.befriends === 1),
  };
}
