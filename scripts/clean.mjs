import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './system/paths.mjs';

const COMPILED = /\.(js|js\.map|d\.ts)$/;

/** Removes what `tsc` has put beside its sources: Egg would load it in their place. */
export function clean() {
  removeCompiled(root, { recursive: false });
  for (const name of ['app', 'config', 'test', 'bench']) removeCompiled(join(root, name), { recursive: true });
}

function removeCompiled(directory, { recursive }) {
  if (!existsSync(directory)) return;
  for (const entry of readdirSync(directory, { recursive, withFileTypes: true })) {
    if (!entry.isFile() || !COMPILED.test(entry.name)) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (existsSync(path.replace(COMPILED, '.ts'))) rmSync(path);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) clean();
