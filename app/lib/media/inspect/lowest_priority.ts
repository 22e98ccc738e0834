import { readdirSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

const { PRIORITY_LOW } = constants.priority;

/*
 * Puts this process, which has to have a session of its own, behind all others. Linux has a priority for each thread, and a thread has
 * that of the one which began it: all that are there are told, and this is loaded before anything that begins more.
 */
for (const thread of ownThreads()) setPriority(thread, PRIORITY_LOW);
// The priority of a thread counts within its session only; among sessions, which share the processor, that of the session does.
tell('autogroup', PRIORITY_LOW);
// A system that is short of memory takes this process first.
tell('oom_score_adj', 1000);

function ownThreads(): number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [process.pid];
  }
}

/** Where there is no such thing the system decides for itself. */
function tell(name: string, value: number): void {
  try {
    writeFileSync(`/proc/self/${name}`, String(value));
  } catch {
    // Not Linux, or built without it.
  }
}
