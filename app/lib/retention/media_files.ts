import type { Query } from '../database/session';
import { literal, select } from '../database/statement';
import type { MediaFiles } from '../media/files';
import { commit, type Purging } from './rows';
import { withLocked } from './locked';

/** Files that one chunk removes, their rows being locked meanwhile. */
const FILES = 50;
/** Since when files are left that an upload may be about to name. */
export const DAY_AGO = 'UTC_TIMESTAMP(3) - INTERVAL 1 DAY';

/** Of a medium of the version before, which tells it by the type alone. */
const KIND = `CASE SUBSTRING_INDEX(mime, '/', 1) WHEN 'image' THEN 'image' WHEN 'video' THEN 'video'
  WHEN 'audio' THEN 'voice' ELSE 'file' END`;
/** Gives the media of the version before, which goes on beside this one for a while, a row for their file. Index: media_file_id. */
const ADOPT = [
  `INSERT IGNORE INTO media_file (id, kind, mime, size) SELECT id, ${KIND}, mime, size FROM media WHERE file_id IS NULL`,
  'UPDATE media JOIN media_file USING (id) SET file_id = media.id WHERE file_id IS NULL',
];

/** Files that no medium names, and that no upload has touched for a day. */
export async function* purgeFiles(query: Query, files: MediaFiles): Purging {
  await commit(query, ADOPT);
  for (let removed; (removed = await removeUnnamed(query, files)) !== undefined;) yield removed;
}

/**
 * The file before the row, so that after a crash the row is found again; under the row's lock, so that an upload of the same
 * content has either touched it or finds nothing. Undefined when there is nothing left to look at.
 */
function removeUnnamed(query: Query, files: MediaFiles): Promise<number | undefined> {
  // Index: media_file_touched.
  const old = `WHERE touched_at <= ${DAY_AGO} ORDER BY touched_at LIMIT ${FILES} FOR UPDATE`;
  return withLocked(query, select('media_file', ['id'], old), async rows => {
    if (rows.length === 0) return undefined;
    const ids = rows.map(({ id }) => id);
    // Index: media_file_id.
    const [naming] = await query([select('media', ['file_id'], `WHERE file_id IN (${listOf(ids)})`)]);
    const named = new Set(naming.map(row => row.file_id));
    const unnamed = ids.filter(id => !named.has(id));
    for (const id of unnamed) await files.remove(id);
    // Index: media_file PRIMARY.
    await query([
      ...(unnamed.length > 0 ? [`DELETE FROM media_file WHERE id IN (${listOf(unnamed)})`] : []),
      `UPDATE media_file SET touched_at = NULL WHERE id IN (${listOf(ids)})`,
    ]);
    return unnamed.length;
  });
}

const listOf = (ids: readonly string[]) => ids.map(literal).join();
