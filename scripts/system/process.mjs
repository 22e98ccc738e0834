import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A process is a pid and its start: a pid alone may name another program once the first has ended.
 * @typedef {{ pid: number, started: string }} Process
 */

/**
 * @param {number} pid
 * @returns {Process | undefined} undefined when it does not run; a zombie does not
 */
export function identify(pid) {
  const started = process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid);
  return started ? { pid, started } : undefined;
}

/** @param {Process | undefined} known */
export const isAlive = known => known !== undefined && identify(known.pid)?.started === known.started;

/**
 * @param {Process | undefined} known
 * @param {NodeJS.Signals} signal
 */
export function send(known, signal) {
  if (!isAlive(known)) return;
  try {
    process.kill(known.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

// Not every slim image has `ps`, and every Linux has /proc. Ticks since boot repeat after a reboot, hence the boot's id.
function startOnLinux(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name, which may hold spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

function startByPs(pid) {
  try {
    const options = { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' }, stdio: ['ignore', 'pipe', 'ignore'] };
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], options).trim();
    const [, state, start] = line.match(/^(\S+)\s+(.+)$/) ?? [];
    return state?.startsWith('Z') ? undefined : start;
  } catch {
    return undefined;
  }
}
