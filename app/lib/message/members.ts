import { Cache } from '../database/cache';
import type { Row } from '../database/pool';
import type { ErrorCode } from '../../schema/errors';
import type { Query } from '../stream/stream';

/** Who is in a conversation, and which of them may not write to it. */
export interface Members {
  readonly version: number;
  /** in ascending order */
  readonly ids: readonly number[];
  /** each one's place in that order */
  readonly index: ReadonlyMap<number, number>;
  /** owner and admins */
  readonly admins: ReadonlySet<number>;
  /** milliseconds since 1970, of those who are or were muted */
  readonly mutedUntil: ReadonlyMap<number, number>;
  /** of a single conversation: who has blocked the other */
  readonly blockers: ReadonlySet<number>;
  /** of a single conversation: the two are friends */
  readonly friends: boolean;
}

const UNSEEN = 200;
/** Member entries held in all; a group of 2,000 and a thousand single conversations weigh the same. */
const CAPACITY = 500_000;

/**
 * The members of recent conversations. It can not be stale: whoever changes members, roles, mutes, blocks or friendships
 * raises `member_version` in the same transaction, under the lock of the conversation's row, and what is held is used only
 * for the version read under that lock.
 */
export class MemberCache {
  private readonly lists = new Cache<number, Members>(CAPACITY);

  /** How many members the conversation had when last seen; a guess that suits groups when it was not. */
  size(conversationId: number): number {
    return this.lists.get(conversationId)?.ids.length ?? UNSEEN;
  }

  /**
   * The members of each conversation; `conversations` are rows of id, type and member_version, locked by the transaction. Of
   * a system conversation only those among `userIds`: all users of a tenant may be in it, and only the server writes to it.
   */
  async read(
    query: Query,
    conversations: readonly Row[],
    userIds: readonly number[] = [],
  ): Promise<Map<number, Members>> {
    const result = new Map<number, Members>();
    const missing = new Map<number, Row>();
    for (const conversation of conversations) {
      const id = conversation.id as number;
      const list = this.lists.get(id);
      if (list && list.version === conversation.member_version) result.set(id, list);
      else missing.set(id, conversation);
    }
    if (missing.size > 0) {
      const rows = (await query(statements([...missing.values()], userIds))).flat();
      const grouped = new Map<number, Row[]>([...missing.keys()].map(id => [id, []]));
      for (const row of rows) grouped.get(row.conversation_id as number)!.push(row);
      for (const [id, conversation] of missing) {
        const list = listOf(conversation.member_version as number, grouped.get(id)!);
        result.set(id, list);
        if (conversation.type !== 'system') this.lists.set(id, list, 1 + list.ids.length);
      }
    }
    return result;
  }
}

/** Index: conversation_member, block and friend PRIMARY. */
function statements(conversations: readonly Row[], userIds: readonly number[]): string[] {
  const idsOf = (type: string) => conversations.filter(row => row.type === type).map(row => row.id as number);
  const [singles, groups, systems] = ['single', 'group', 'system'].map(idsOf);
  const single = `SELECT m.conversation_id, m.user_id, m.role, m.muted_until,
      EXISTS(SELECT 1 FROM block WHERE user_id = m.user_id AND blocked_id = peer.user_id) AS blocks,
      EXISTS(SELECT 1 FROM friend WHERE user_id = m.user_id AND friend_id = peer.user_id) AS befriends
    FROM conversation_member m
    LEFT JOIN conversation_member peer ON peer.conversation_id = m.conversation_id AND peer.user_id <> m.user_id
    WHERE m.conversation_id IN (${singles.join()}) ORDER BY m.conversation_id, m.user_id`;
  const all = `SELECT conversation_id, user_id, role, muted_until FROM conversation_member`;
  const order = 'ORDER BY conversation_id, user_id';
  const group = `${all} WHERE conversation_id IN (${groups.join()}) ${order}`;
  const system = `${all} WHERE conversation_id IN (${systems.join()}) AND user_id IN (${userIds.join()}) ${order}`;
  return [
    ...(singles.length > 0 ? [single] : []),
    ...(groups.length > 0 ? [group] : []),
    ...(systems.length > 0 && userIds.length > 0 ? [system] : []),
  ];
}

function listOf(version: number, rows: readonly Row[]): Members {
  const ids = rows.map(row => row.user_id as number);
  const idsWhere = (test: (row: Row) => unknown) => rows.filter(test).map(row => row.user_id as number);
  const muted = rows.filter(row => row.muted_until !== null);
  return {
    version,
    ids,
    index: new Map(ids.map((id, index) => [id, index])),
    admins: new Set(idsWhere(row => row.role !== 'member')),
    mutedUntil: new Map(muted.map(row => [row.user_id as number, (row.muted_until as Date).getTime()])),
    blockers: new Set(idsWhere(row => row.blocks)),
    friends: rows.some(row => row.befriends),
  };
}

/** What a locked conversation says about who may write to it. */
export interface Rules {
  readonly type: string;
  readonly muteAll: boolean;
  /** Only friends may write to each other. */
  readonly friendsOnly: boolean;
}

/** Why a user may not write to a conversation at a time; undefined when they may. */
export function objectionTo(userId: number, at: Date, rules: Rules, members: Members): ErrorCode | undefined {
  // First, because its members are not known here.
  if (rules.type === 'system') return 'FORBIDDEN';
  if (!members.index.has(userId)) return 'NOT_A_MEMBER';
  if (rules.type === 'single') {
    if (members.ids.some(id => id !== userId && members.blockers.has(id))) return 'BLOCKED';
    return rules.friendsOnly && !members.friends && members.ids.length > 1 ? 'NOT_FRIENDS' : undefined;
  }
  const silenced = rules.muteAll && !members.admins.has(userId);
  return silenced || (members.mutedUntil.get(userId) ?? 0) > at.getTime() ? 'MUTED' : undefined;
}
