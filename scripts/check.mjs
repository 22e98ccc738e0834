import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './system/paths.mjs';
import { refuseSecond } from './system/running.mjs';

/** Says in one line why the built service would not start, before anything is touched. */
const config = join(root, 'dist/config');
const require = createRequire(import.meta.url);
try {
  if (!existsSync(config)) throw new Error('The service is not built: npm run build');
  require(join(config, 'config.prod.js'));
  await refuseSecond('egg-im', require(join(config, 'settings.js')).settings.port);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
