import { startGroup } from './group.mjs';

// Longer than what the script itself allows its program and its servers.
const END_MS = 90_000;

/**
 * Runs a script of package.json to its end.
 * @param {string} script
 * @param {string[]} args
 * @param {{ env: NodeJS.ProcessEnv, signal: AbortSignal }} options
 * @returns {Promise<number>} its exit code
 */
export async function npmRun(script, args, { env, signal }) {
  const options = { env, stdio: 'inherit', signal, endMs: END_MS };
  const npm = await startGroup('npm', ['run', script, '--', ...args], options);
  return npm.ended;
}
