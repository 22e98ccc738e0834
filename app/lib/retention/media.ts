import type { Query } from '../database/session';
import { literal, select, sql } from '../database/statement';
import type { MediaFiles } from '../media/files';
import { mediaIdsIn } from '../media/names';
import { DAY_AGO, purgeFiles } from './media_files';
import { commit, daysBefore, type Purging } from './rows';
import { withLocked } from './locked';

/** Media that one chunk removes. */
const MEDIA = 50;
const PROFILES = 500;

/** Where media are used for as long as it pleases their owners. */
const PROFILE_TABLES = { user: 'avatar, background', chat_group: 'avatar, NULL AS background' };

interface Profile {
  readonly id: number;
  readonly avatar: string | null;
  readonly background: string | null;
}

/** What uploads have left behind that a crash has ended. */
export function purgeUnfinished(files: MediaFiles, now: Date): Purging {
  return files.removeUnfinished(daysBefore(now, 1));
}

/** Media that were last used before a time and that no profile and no group shows. */
export async function* purgeMedia(query: Query, files: MediaFiles, now: Date, before: Date): Purging {
  const [some] = await query([oldest('last_used_at', before, 1)]);
  yield 0;
  if (some.length === 0) return;
  yield* touchProfiles(query, now, before);
  yield* purgeOldest(query, 'last_used_at', before);
  yield* purgeFiles(query, files);
}

/** Media that were uploaded before a time and that nothing has ever used: whatever makes use of them notes it before it does. */
export function purgeNeverUsed(query: Query, before: Date): Purging {
  return purgeOldest(query, 'unused_since', before);
}

type Age = 'last_used_at' | 'unused_since';

/** Index: media_last_used, or media_unused_since. */
function oldest(age: Age, before: Date, most: number) {
  return select('media', ['id'], `WHERE ${age} < ${literal(before)} ORDER BY ${age} LIMIT ${most}`);
}

async function* purgeOldest(query: Query, age: Age, before: Date): Purging {
  for (;;) {
    const [rows] = await query([oldest(age, before, MEDIA)]);
    if (rows.length === 0) return;
    yield await removeUnused(query, rows.map(row => literal(row.id)).join(), `${age} < ${literal(before)}`);
  }
}

/** What profiles and groups show is in use. */
async function* touchProfiles(query: Query, now: Date, before: Date): Purging {
  for (const [table, columns] of Object.entries(PROFILE_TABLES)) {
    for (let from = 0, full = true; full;) {
      // Index: PRIMARY.
      const page = `SELECT id, ${columns} FROM ${table} WHERE id > ${from} ORDER BY id LIMIT ${PROFILES}`;
      const [rows] = await query([sql<Profile>(page)]);
      const ids = mediaIdsIn(...rows.flatMap(({ avatar, background }) => [avatar, background]));
      if (ids.length > 0) {
        const where = `id IN (${ids.map(literal).join()}) AND last_used_at < ${literal(before)}`;
        // Index: media PRIMARY.
        await commit(query, [`UPDATE media SET last_used_at = ${literal(now)} WHERE ${where}`]);
      }
      yield 0;
      full = rows.length === PROFILES;
      from = rows.at(-1)?.id ?? from;
    }
  }
}

/**
 * Under the rows' lock, so that whoever uses a medium at this moment has either kept it or comes too late. Its file is looked
 * at next.
 */
function removeUnused(query: Query, ids: string, isOld: string): Promise<number> {
  // Index: media PRIMARY.
  const unused = `WHERE id IN (${ids}) AND ${isOld} FOR UPDATE`;
  return withLocked(query, select('media', ['id', 'file_id'], unused), async rows => {
    if (rows.length === 0) return 0;
    const listOf = (values: readonly (string | null)[]) => values.map(literal).join();
    await query([
      // Not that of an upload of the same content which is about to name it. Index: media_file PRIMARY.
      `UPDATE media_file SET touched_at = COALESCE(touched_at, ${DAY_AGO}) WHERE id IN (${listOf(rows.map(row => row.file_id))})`,
      `DELETE FROM media WHERE id IN (${listOf(rows.map(row => row.id))})`,
    ]);
    return rows.length;
  });
}
