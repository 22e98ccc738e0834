import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './system/paths.mjs';

/** Says in one line why the built service would not start, before it does not. */
const config = join(root, 'dist/config/config.prod.js');
try {
  if (!existsSync(config)) throw new Error('The service is not built: npm run build');
  createRequire(import.meta.url)(config);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
