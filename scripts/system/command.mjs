import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, closeSync, constants, mkdirSync, openSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { tail } from './progress.mjs';

/**
 * Runs a command to its end, its output in `log`; fails with the end of that log.
 * @param {string} command
 * @param {string[]} args
 * @param {{ log: string, append?: boolean, cwd?: string, env?: NodeJS.ProcessEnv, signal?: AbortSignal }} options
 */
export async function run(command, args, { log, append = false, cwd, env, signal }) {
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, append ? 'a' : 'w');
  const child = spawn(command, args, { cwd, env, signal, stdio: ['ignore', output, output] });
  closeSync(output);
  const [code, killedBy] = await once(child, 'exit');
  if (code !== 0)
    throw new Error(`${[command, ...args].join(' ')} failed (${killedBy ?? `exit code ${code}`}).\n${tail(log)}`);
}

/**
 * @param {string} name
 * @param {string[]} [places] directories to look in after those of PATH
 * @returns {string[]} every program of that name, in the order of the search
 */
export function programs(name, places = []) {
  const directories = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...places];
  return [...new Set(directories.map(directory => join(directory, name)))].filter(isProgram);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
