import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './system/command.mjs';
import { npmRun } from './system/npm.mjs';
import { local, short } from './system/paths.mjs';
import { begin, done } from './system/progress.mjs';

/** Runs a script of package.json on another line of Node.js, which npm brings: `node scripts/on-node.mjs test 24 [arguments]`. */
export async function main(signal) {
  const [script, line, ...args] = process.argv.slice(2);
  if (!/^\d+$/.test(line)) throw new Error(`Which line of Node.js? For example 24: npm run ${script}:node -- 24`);
  const PATH = [await binOf(line, signal), process.env.PATH].join(delimiter);
  return npmRun(script, args, { env: { PATH }, signal });
}

async function binOf(line, signal) {
  const home = local('node', line);
  const bin = join(home, 'node_modules', '.bin');
  if (!existsSync(join(bin, 'node'))) {
    begin(`installing Node.js ${line}`);
    // Its own script fetches the program for this machine.
    const args = ['install', '--prefix', home, '--ignore-scripts=false', `node@${line}`];
    await run('npm', args, { log: local('logs', 'node.log'), signal });
  }
  done(`Node.js ${line} in ${short(home)}`);
  return bin;
}
