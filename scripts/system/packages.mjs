import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lock } from './lock.mjs';
import { local, root } from './paths.mjs';
import { begin, done } from './progress.mjs';

/**
 * Installs what package-lock.json asks for, unless node_modules holds it.
 * @param {AbortSignal} signal ends the installation
 */
export async function installPackages(signal) {
  checkNode();
  if (!areInstalled()) {
    const waiting = pid => begin(`waiting for another script (pid ${pid}), which installs packages`);
    const release = await lock(local('packages.lock'), { signal, waiting });
    try {
      if (!areInstalled()) await install(signal);
    } finally {
      release();
    }
  }
  done('packages up to date');
}

function checkNode() {
  const { node } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines;
  // The oldest comes first there. One between two that are supported will mostly do, and npm warns of it.
  const [oldest] = /\d[\d.]*/.exec(node);
  if (process.versions.node.localeCompare(oldest, 'en', { numeric: true }) >= 0) return;
  throw new Error(`Node.js ${node} is needed; this is ${process.versions.node}`);
}

async function install(signal) {
  begin('installing packages with npm ci: a minute or two');
  const npm = spawn('npm', ['ci', '--include=dev', '--loglevel=error'], { cwd: root, stdio: 'inherit', signal });
  const [code] = await once(npm, 'exit');
  if (code !== 0) throw new Error('npm ci failed');
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
