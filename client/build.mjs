import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Makes dist/esm and dist/cjs of src, each with its types, unless they are newer than it. */
const root = fileURLToPath(new URL('.', import.meta.url));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const compile = (...options) =>
  execFileSync(process.execPath, [tsc, '-p', root, ...options], { cwd: root, stdio: 'inherit' });
const timeOf = path => statSync(root + path).mtimeMs;
const sources = [
  'package.json',
  'tsconfig.json',
  ...readdirSync(`${root}src`, { recursive: true }).map(name => `src/${name}`),
];
// Written last.
const made = 'dist/cjs/package.json';

if (!existsSync(root + made) || sources.some(path => timeOf(path) > timeOf(made))) {
  rmSync(`${root}dist`, { recursive: true, force: true });
  compile();
  mkdirSync(`${root}dist/cjs`, { recursive: true });
  compile('--module', 'CommonJS', '--moduleResolution', 'Node10', '--outDir', `${root}dist/cjs`);
  // Within a package of ES modules a folder says for itself that it holds CommonJS.
  writeFileSync(root + made, '{ "type": "commonjs" }\n');
}
