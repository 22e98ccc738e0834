import type { Database } from '../database/pool';
import { chunks, sql } from '../database/statement';

/** Groups of one statement. */
const GROUPS = 40;

/** Friends of a user and members of their groups, those with the smallest ids above `after`, in order of id. */
export async function readAcquaintances(
  database: Database,
  userId: number,
  after: number,
  limit: number,
): Promise<number[]> {
  // Index: friend PRIMARY.
  const friends = `SELECT friend_id AS id FROM friend WHERE user_id = ${userId} AND friend_id > ${after} ORDER BY id LIMIT ${limit}`;
  // Index: conversation_member_user, chat_group PRIMARY.
  const groups = await database.select(
    sql<{ id: number }>(
      `SELECT m.conversation_id AS id
      FROM conversation_member m JOIN chat_group g ON g.id = m.conversation_id WHERE m.user_id = ${userId}`,
    ),
  );
  // Index: conversation_member PRIMARY: of each group no more than a page.
  const members = groups.map(
    ({ id }) =>
      `SELECT user_id AS id FROM conversation_member
      WHERE conversation_id = ${id} AND user_id > ${after} AND user_id <> ${userId} ORDER BY id LIMIT ${limit}`,
  );
  const found = new Set<number>();
  for (const parts of chunks([friends, ...members], GROUPS)) {
    const rows = await database.select(sql<{ id: number }>(parts.map(part => `(${part})`).join(' UNION ')));
    for (const { id } of rows) found.add(id);
  }
  return [...found].sort((a, b) => a - b).slice(0, limit);
}
