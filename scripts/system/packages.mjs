import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { lock } from './lock.mjs';
import { local, root, short } from './paths.mjs';
import { begin } from './progress.mjs';

/**
 * Installs what package-lock.json asks for, unless node_modules holds it.
 * @param {AbortSignal} [signal]
 */
export async function installPackages(signal) {
  if (areInstalled()) return;
  const waiting = pid => begin(`waiting for another script (pid ${pid}), which installs packages`);
  const release = await lock(local('packages.lock'), { signal, waiting });
  try {
    if (areInstalled()) return;
    const log = local('logs', 'npm.log');
    begin(`installing packages with npm ci: a minute or two (output in ${short(log)})`);
    await run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], { log, cwd: root, env: process.env, signal });
  } finally {
    release();
  }
}

// npm notes in node_modules what it has installed, once it is through. Looking there, and not at a stamp of our own, also
// accepts what `npm ci` or `npm install` did by hand.
function areInstalled() {
  const installed = packagesIn('node_modules/.package-lock.json');
  return Object.entries(packagesIn('package-lock.json')).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed[path];
    return found ? found.version === wanted.version && found.integrity === wanted.integrity : wanted.optional === true;
  });
}

function packagesIn(lockFile) {
  const path = join(root, lockFile);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {};
}
