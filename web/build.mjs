import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import '../client/build.mjs';
import { compressAll } from './compress.mjs';
import { checkBudget } from './budget.mjs';

/** Makes dist/ of the page, unless it is newer than all that it is made of. */
const root = fileURLToPath(new URL('.', import.meta.url));
const timeOf = path => statSync(root + path).mtimeMs;
const sources = [
  'index.html',
  'package.json',
  'vite.config.mjs',
  'budget.mjs',
  'pwa.mjs',
  'worker.js',
  'compress.mjs',
  'emoji.mjs',
  '../app/public/tokens.css',
  '../client/dist/cjs/package.json',
  ...readdirSync(`${root}src`, { recursive: true }).map(name => `src/${name}`),
];
// Written last.
const made = 'dist/index.html.gz';

/** What other sites load: one plain script. */
const embed = {
  root,
  configFile: false,
  logLevel: 'warn',
  build: {
    emptyOutDir: false,
    reportCompressedSize: false,
    lib: { entry: 'src/embed/embed.ts', formats: ['iife'], name: 'EggIm', fileName: () => 'embed.js' },
  },
};

if (!existsSync(root + made) || sources.some(path => timeOf(path) > timeOf(made))) {
  const { build } = await import('vite');
  await build({ configFile: `${root}vite.config.mjs`, logLevel: 'warn' });
  await build(embed);
  checkBudget(`${root}dist`);
  await compressAll(`${root}dist`);
}
