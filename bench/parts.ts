import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

export const root = join(__dirname, '..');

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Runs a TypeScript file of this folder as a process of its own. */
export function forkFile(name: string, env: Record<string, string> = {}): ChildProcess {
  return fork(join(__dirname, name), {
    execArgv: ['--require', 'ts-node/register/transpile-only'],
    env: { ...process.env, ...env },
  });
}

/** Runs a program to its end. */
export async function run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<void> {
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
}

/** A loopback address of its own for each client: sticky workers are chosen by address. Only Linux has them all by itself. */
export function addressOf(index: number): string | undefined {
  return process.platform === 'linux' ? `127.0.0.${(index % 250) + 1}` : undefined;
}

/** An empty database with the tables. */
export async function prepareDatabase(url: string): Promise<void> {
  const { createDatabase } = await import('../scripts/services/database.mjs');
  await createDatabase(url, { anew: true });
  await run(join(root, 'node_modules/.bin/sequelize-cli'), ['db:migrate'], { DATABASE_URL: url });
}
