import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './system/paths.mjs';

/** Begins dist/ anew with everything the built service reads beside the JavaScript that `tsc` then writes there. */
const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });
for (const part of ['package.json', 'app', 'config', 'database', 'docs/client.md', 'web/dist']) {
  cpSync(join(root, part), join(dist, part), { recursive: true, filter: path => !path.endsWith('.ts') });
}
