import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { Server } from '../scripts/services/server.mjs';
import type { Order, Sample } from './load';

export const root = join(__dirname, '..');

/** What `--name=value` says on the command line. */
export function option(name: string, fallback: string): string {
  const start = `--${name}=`;
  return process.argv.find(each => each.startsWith(start))?.slice(start.length) ?? fallback;
}

/** MySQL and Redis of this run alone; a MySQL that DATABASE_URL names may be others' too. */
export interface Services {
  readonly mysql: Server | { readonly url: string; readonly pid?: undefined };
  readonly redis: Server;
}

/**
 * Builds the service of this checkout and starts MySQL, unless DATABASE_URL names one, and Redis, for as long as `work` takes.
 * What they keep is in `dir`.
 * `--node=PATH`, a directory with another Node.js, counts for all programs that are started from here on by their name.
 */
export async function withServices(dir: string, work: (services: Services) => Promise<void>): Promise<void> {
  const node = option('node', '');
  if (node) process.env.PATH = `${resolve(node)}${delimiter}${process.env.PATH}`;
  mkdirSync(dir, { recursive: true });
  const { startMysql, startRedis } = await import('../scripts/services.mjs');
  await run('npm', ['run', 'build']);
  const { DATABASE_URL: given } = process.env;
  const own = given ? undefined : await startMysql({ dir: join(dir, 'mysql') });
  const mysql = own ?? { url: given!.replace(/(?<=:\/\/[^/]*)\/.*/, '') };
  try {
    const redis = await startRedis({ dir: join(dir, 'redis') });
    try {
      await work({ mysql, redis });
    } finally {
      await redis.stop();
    }
  } finally {
    await own?.stop();
  }
}

/** An empty database with the tables that the migrations of a checkout make. */
export async function prepareDatabase(url: string, checkout = root): Promise<void> {
  const { createDatabase } = await import('../scripts/services/database.mjs');
  await createDatabase(url, { anew: true });
  await run(join(checkout, 'node_modules/.bin/sequelize-cli'), ['db:migrate'], { DATABASE_URL: url }, checkout);
}

/** The load generator, in a process of its own: all of an order's people are connected once it is started. */
export class LoadGenerator {
  private constructor(private readonly child: ChildProcess) {}

  static async start(order: Order): Promise<LoadGenerator> {
    const generator = new LoadGenerator(forkFile('load.ts'));
    await generator.tell(order);
    return generator;
  }

  /** Drives for so long, and on until all is acked. */
  async run(ms: number): Promise<Sample> {
    return (await this.tell(ms)) as Sample;
  }

  stop(): void {
    this.child.kill();
  }

  private tell(command: Order | number): Promise<unknown> {
    const { child } = this;
    return new Promise((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`the load generator ended with ${code}`));
      child.once('exit', ended);
      child.once('message', answer => {
        child.off('exit', ended);
        resolve(answer);
      });
      child.send(command);
    });
  }
}

/** Runs a TypeScript file of this folder as a process of its own; `detached`: in a session of its own. */
export function forkFile(name: string, env: Record<string, string> = {}, detached = false): ChildProcess {
  return fork(join(__dirname, name), {
    detached,
    execArgv: ['--require', 'ts-node/register/transpile-only'],
    env: { ...process.env, ...env },
  });
}

/** Runs a program to its end. */
async function run(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
  cwd = root,
): Promise<void> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
}

export async function freePort(): Promise<number> {
  const port = await import('../scripts/system/port.mjs');
  return port.freePort();
}

/** A loopback address of its own for each client: sticky workers are chosen by address. Only Linux has them all by itself. */
export function addressOf(index: number): string | undefined {
  return process.platform === 'linux' ? `127.0.0.${(index % 250) + 1}` : undefined;
}
