import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Bytes of script, by gzip, that are loaded before anything is shown. */
const FIRST_LOAD_MAX = 200 * 1024;

/** Throws when the page that was built into `dir` loads more script at first than it may. @param {string} dir */
export function checkBudget(dir) {
  const manifest = JSON.parse(readFileSync(join(dir, '.vite/manifest.json'), 'utf8'));
  const entry = Object.keys(manifest).find(name => manifest[name].isEntry);
  const files = [...reached(manifest, entry)].map(name => manifest[name].file);
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(dir, file)), { level: 9 }).length, 0);
  console.log(`✓ page built: ${(bytes / 1024).toFixed(1)} KB of script at first (gzip), of ${FIRST_LOAD_MAX / 1024}`);
  if (bytes > FIRST_LOAD_MAX) throw new Error(`The page loads ${bytes} bytes of script at first, more than it may`);
}

/** A part of the page with all that it can not do without. */
function reached(manifest, entry) {
  const found = new Set([entry]);
  // What is added to a Set while it is gone through has its turn as well.
  for (const name of found) for (const each of manifest[name].imports ?? []) found.add(each);
  return found;
}
