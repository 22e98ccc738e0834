import { readdirSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/*
 * Puts this process behind all others. Linux has a priority for each thread, and a thread has that of the one which began it: all that
 * are there are told, and this is loaded before anything that begins more.
 */
for (const thread of ownThreads()) setPriority(thread, constants.priority.PRIORITY_LOW);
try {
  // A system that is short of memory takes this process first.
  writeFileSync('/proc/self/oom_score_adj', '1000');
} catch {
  // Not Linux: the system decides for itself.
}

function ownThreads(): number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [process.pid];
  }
}
