import type { PresenceState } from '../../policy/presence';
import type { Audience } from '../../schema/user';
import type { Database } from '../database/pool';
import { chunks, IN_LIST, sql } from '../database/statement';
import type { Leases } from './leases';

/** The presence of users as it is, by their ids. Throws UNAVAILABLE when Redis or MySQL does not answer. */
export async function readStates(
  database: Database,
  leases: Leases,
  userIds: readonly number[],
): Promise<Map<number, PresenceState>> {
  // The leases are read first: once one has been taken away, its time is in MySQL already.
  const platforms = await leases.platforms(userIds);
  const states = new Map(userIds.map(id => [id, stateOf(id, platforms.get(id)!, null, 'nobody')]));
  for (const ids of chunks(userIds, IN_LIST)) {
    // Index: user PRIMARY, device PRIMARY.
    const rows = await database.select(
      sql<{ id: number; hide_presence: number; allow_presence: Audience; seen_at: Date | null }>(
        `SELECT u.id, u.hide_presence, u.allow_presence, MAX(d.last_seen_at) AS seen_at
        FROM user u LEFT JOIN device d ON d.user_id = u.id WHERE u.id IN (${ids.join()}) GROUP BY u.id`,
      ),
    );
    for (const { id, seen_at: seenAt, hide_presence: hides, allow_presence: allowed } of rows) {
      states.set(id, stateOf(id, platforms.get(id)!, seenAt, hides === 1 ? 'nobody' : allowed));
    }
  }
  return states;
}

function stateOf(id: number, platforms: string[], seenAt: Date | null, audience: Audience): PresenceState {
  const online = platforms.length > 0;
  const lastSeenAt = online ? undefined : seenAt?.toISOString();
  return { presence: { userId: String(id), online, platforms, ...(lastSeenAt && { lastSeenAt }) }, audience };
}
