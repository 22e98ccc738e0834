import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Parts of what is measured by their names, each with its processes. */
export type Parts = Readonly<Record<string, readonly number[]>>;

const isLinux = process.platform === 'linux';
const ticksPerSecond = isLinux ? Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })) : NaN;

/** Microseconds of CPU time that each part has used since it began, user and system together; nothing but on Linux. */
export function readCpu(parts: Parts): Record<string, number> {
  if (!isLinux) return {};
  const timeOf = (pids: readonly number[]) => pids.reduce((sum, pid) => sum + ticksOf(pid), 0) * (1e6 / ticksPerSecond);
  return Object.fromEntries(Object.entries(parts).map(([name, pids]) => [name, timeOf(pids)]));
}

/** Bytes of memory that a process has. */
export function residentBytes(pid: number): number {
  // `ps` takes milliseconds, in which nothing else is measured.
  if (!isLinux) return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024;
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

/** Files and sockets that a process holds open; none but on Linux. */
export function openFiles(pid: number): number {
  return isLinux ? readdirSync(`/proc/${pid}/fd`).length : NaN;
}

function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the program's name, which may hold spaces and brackets; utime and stime are the 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
