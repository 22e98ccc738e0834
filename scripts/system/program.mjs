import { installPackages } from './packages.mjs';

/**
 * Runs a script to its end and its cleaning up, however it ends: by itself, by an error, or by a signal. Packages are installed
 * first, so that what `load` imports may use them; this file, and what it imports, may not.
 * @param {() => Promise<{ main: (signal: AbortSignal) => Promise<number> }>} load
 *   `main` returns the exit code; `signal` asks it to end
 * @param {{ interrupted?: number }} [options] the exit code after Ctrl-C
 */
export async function program(load, { interrupted = 130 } = {}) {
  const ending = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => ending.abort());
  if (process.env.npm_lifecycle_event) endWithParent(ending);
  try {
    await installPackages(ending.signal);
    const { main } = await load();
    const code = await main(ending.signal);
    process.exitCode = ending.signal.aborted ? interrupted : code;
  } catch (error) {
    process.exitCode = ending.signal.aborted ? interrupted : 1;
    if (!ending.signal.aborted) console.error(`✗ ${wording(error)}`);
  }
}

// npm runs a script through a shell, and a SIGTERM to npm ends the two without reaching the script.
function endWithParent(ending) {
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || ending.abort(), 500).unref();
}

// A plain Error is written for people; any other class is a mistake in a script, and its place matters.
const wording = error => (error.constructor === Error && !error.code ? error.message : error.stack);
