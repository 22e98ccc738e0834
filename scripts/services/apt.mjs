import { programs, run } from '../system/command.mjs';
import { local, short } from '../system/paths.mjs';
import { begin } from '../system/progress.mjs';

export const hasApt = () => process.getuid?.() === 0 && programs('apt-get').length > 0;

/**
 * @param {string} name of the package
 * @param {AbortSignal} [signal]
 */
export async function aptInstall(name, signal) {
  const log = local('logs', 'apt.log');
  begin(`installing ${name} with apt-get (output in ${short(log)})`);
  const options = { log, append: true, signal, env: { DEBIAN_FRONTEND: 'noninteractive' } };
  const settings = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Use-Pty=0', '-q'];
  await run('apt-get', [...settings, 'update'], options);
  // --no-remove: a MySQL that somebody has installed here conflicts with MariaDB, and would be taken off the machine.
  await run('apt-get', [...settings, 'install', '--yes', '--no-install-recommends', '--no-remove', name], options);
}
