import { literal, type Transaction } from '../database/pool';
import { mediaIdsIn, type MediaFiles } from '../media/files';
import { commit, daysBefore, select, type Purging } from './rows';

/** Files that one chunk removes, their rows being locked meanwhile. */
const FILES = 50;
const PROFILES = 500;

/** Where media are used for as long as it pleases their owners. */
const PROFILE_TABLES = { user: ['avatar', 'background'], chat_group: ['avatar'] };

/** What uploads have left behind that a crash has ended. */
export function purgeUnfinished(files: MediaFiles, now: Date): Purging {
  return files.removeUnfinished(daysBefore(now, 1));
}

/** Media that were last used before a time and that no profile and no group shows. */
export async function* purgeMedia(session: Transaction, files: MediaFiles, now: Date, before: Date): Purging {
  // Index: media_last_used.
  const oldest = `SELECT id FROM media WHERE last_used_at < ${literal(before)} ORDER BY last_used_at`;
  const some = await select(session, `${oldest} LIMIT 1`);
  yield 0;
  if (some.length === 0) return;
  yield* touchProfiles(session, now, before);
  for (;;) {
    const ids = (await select(session, `${oldest} LIMIT ${FILES}`)).map(row => literal(row.id as string)).join();
    if (!ids) return;
    yield await removeUnused(session, files, ids, before);
  }
}

/** What profiles and groups show is in use. */
async function* touchProfiles(session: Transaction, now: Date, before: Date): Purging {
  for (const [table, columns] of Object.entries(PROFILE_TABLES)) {
    for (let from = 0, full = true; full;) {
      // Index: PRIMARY.
      const page = `SELECT id, ${columns.join()} FROM ${table} WHERE id > ${from} ORDER BY id LIMIT ${PROFILES}`;
      const rows = await select(session, page);
      const ids = mediaIdsIn(...rows.flatMap(row => columns.map(column => row[column] as string | null)));
      if (ids.length > 0) {
        const where = `id IN (${ids.map(literal).join()}) AND last_used_at < ${literal(before)}`;
        // Index: media PRIMARY.
        await commit(session, [`UPDATE media SET last_used_at = ${literal(now)} WHERE ${where}`]);
      }
      yield 0;
      full = rows.length === PROFILES;
      from = Number(rows.at(-1)?.id);
    }
  }
}

/**
 * The file before the row, so that after a crash the row is found again; under the row's lock, so that whoever uses the
 * medium at this moment has either kept it or comes too late.
 */
async function removeUnused(session: Transaction, files: MediaFiles, ids: string, before: Date): Promise<number> {
  try {
    const [, unused] = await session.query([
      'START TRANSACTION',
      // Index: media PRIMARY.
      `SELECT id FROM media WHERE id IN (${ids}) AND last_used_at < ${literal(before)} FOR UPDATE`,
    ]);
    for (const { id } of unused) await files.remove(id as string);
    const gone = unused.map(row => literal(row.id as string));
    if (gone.length > 0) await session.query([`DELETE FROM media WHERE id IN (${gone.join()})`]);
    await session.query(['COMMIT']);
    return gone.length;
  } catch (error) {
    await session.query(['ROLLBACK']);
    throw error;
  }
}
