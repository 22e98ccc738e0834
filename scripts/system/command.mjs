import { execa } from 'execa';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import which from 'which';
import { root } from './paths.mjs';
import { tail } from './progress.mjs';

/**
 * Runs a command, which may be one that `npm ci` has installed, to its end, its output in `log`; fails with the end of that log.
 * @param {string} command
 * @param {string[]} args
 * @param {{ log: string, append?: boolean, env?: NodeJS.ProcessEnv, signal?: AbortSignal }} options `env` is put into this process's
 */
export async function run(command, args, { log, append = false, env, signal }) {
  mkdirSync(dirname(log), { recursive: true });
  // The file itself, not a pipe to it: a server that apt-get starts keeps its output open, and a pipe would be waited for.
  const output = openSync(log, append ? 'a' : 'w');
  const stdio = ['ignore', output, output];
  const ended = execa(command, args, { cwd: root, preferLocal: true, env, stdio, cancelSignal: signal, reject: false });
  closeSync(output);
  const { failed, shortMessage } = await ended;
  if (failed) throw new Error(`${shortMessage}\n${tail(log)}`);
}

/**
 * @param {string} name
 * @param {string[]} [places] directories to look in after those of PATH
 * @returns {string[]} every program of that name, in the order of the search
 */
export function programs(name, places = []) {
  const path = [process.env.PATH ?? '', ...places].join(delimiter);
  return [...new Set(which.sync(name, { path, all: true, nothrow: true }))];
}
