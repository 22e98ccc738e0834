import { presenceOutcome } from '../../policy/presence';
import type { Database } from '../database/pool';
import { chunks, select, sql, tuples } from '../database/statement';

/** The permission of a viewer to see whether a user is online: one that is asked for, or that is given. */
export interface PresencePermission {
  readonly viewerId: number;
  readonly userId: number;
  /** They were friends when it was last looked up. */
  readonly areFriends: boolean;
  /** A group in which both users were when it was last looked up. */
  readonly groupId?: number;
}

/** Pairs of one statement: MariaDB would turn a list of 1,000 into a temporary table. */
const PAIRS = 200;
/** Groups of one statement: with as many pairs these are 10,000 rows, which the optimizer still looks up one by one. */
const GROUPS = 40;

type Pair = readonly [number, number];

/** Those of the permissions that are given. The groups of a viewer are looked up only where they decide. */
export async function allowed(
  database: Database,
  permissions: readonly PresencePermission[],
): Promise<PresencePermission[]> {
  const result: PresencePermission[] = [];
  for (const slice of chunks(permissions, PAIRS)) {
    // Index: block PRIMARY.
    const blocks = await pairsOf(
      database,
      'SELECT blocked_id AS a, user_id AS b FROM block WHERE (user_id, blocked_id)',
      slice.map(each => [each.userId, each.viewerId]),
    );
    // Index: friend PRIMARY.
    const friends = await pairsOf(
      database,
      'SELECT user_id AS a, friend_id AS b FROM friend WHERE (user_id, friend_id)',
      slice.map(each => [each.viewerId, each.userId]),
    );
    const having = (outcome: ReturnType<typeof presenceOutcome>) =>
      slice.filter(each => {
        const key = keyOf(each);
        return presenceOutcome({ ...each, isBlocked: blocks.has(key), areFriends: friends.has(key) }) === outcome;
      });
    const friendly = having('allowed').map(({ viewerId, userId }) => {
      return { viewerId, userId, areFriends: friends.has(`${viewerId}:${userId}`) };
    });
    result.push(...friendly, ...(await inCommonGroup(database, having('group'))));
  }
  return result;
}

async function inCommonGroup(
  database: Database,
  permissions: readonly PresencePermission[],
): Promise<PresencePermission[]> {
  const known = permissions.filter(each => each.groupId !== undefined);
  // Index: conversation_member PRIMARY.
  const members = await pairsOf(
    database,
    'SELECT conversation_id AS a, user_id AS b FROM conversation_member WHERE (conversation_id, user_id)',
    known.flatMap(({ groupId, viewerId, userId }): Pair[] => [
      [groupId!, viewerId],
      [groupId!, userId],
    ]),
  );
  const isIn = (groupId: number, userId: number) => members.has(`${groupId}:${userId}`);
  const still = known.filter(({ groupId, viewerId, userId }) => isIn(groupId!, viewerId) && isIn(groupId!, userId));
  const rest = permissions.filter(each => !still.includes(each));
  const found: PresencePermission[] = [];
  for (const viewerId of new Set(rest.map(each => each.viewerId))) {
    const userIds = rest.filter(each => each.viewerId === viewerId).map(each => each.userId);
    found.push(...(await findCommonGroups(database, viewerId, userIds)));
  }
  return [...still.map(each => ({ ...each, areFriends: false })), ...found];
}

async function findCommonGroups(
  database: Database,
  viewerId: number,
  userIds: readonly number[],
): Promise<PresencePermission[]> {
  // Index: conversation_member_user, chat_group PRIMARY.
  const groups = await database.select(
    sql<{ id: number }>(
      `SELECT m.conversation_id AS id
      FROM conversation_member m JOIN chat_group g ON g.id = m.conversation_id WHERE m.user_id = ${viewerId}`,
    ),
  );
  const permissions = new Map<number, PresencePermission>();
  for (const ids of chunks(groups, GROUPS)) {
    const missing = userIds.filter(id => !permissions.has(id));
    if (missing.length === 0) break;
    // Index: conversation_member PRIMARY, or conversation_member_user.
    const common = `WHERE conversation_id IN (${ids.map(row => row.id).join()}) AND user_id IN (${missing.join()})`;
    const rows = await database.select(select('conversation_member', ['conversation_id', 'user_id'], common));
    for (const { conversation_id: groupId, user_id: userId } of rows) {
      permissions.set(userId, { viewerId, userId, areFriends: false, groupId });
    }
  }
  return [...permissions.values()];
}

/** The rows of a SELECT of two numbers, as `a:b`; it ends where the list of pairs begins. */
async function pairsOf(database: Database, begin: string, pairs: readonly Pair[]): Promise<Set<string>> {
  if (pairs.length === 0) return new Set();
  const rows = await database.select(sql<{ a: number; b: number }>(`${begin} IN (${tuples(pairs)})`));
  return new Set(rows.map(row => `${row.a}:${row.b}`));
}

/** The key of a permission, made of its two users. */
export function keyOf({ viewerId, userId }: Pick<PresencePermission, 'viewerId' | 'userId'>): string {
  return `${viewerId}:${userId}`;
}
