import { execFileSync, fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const root = join(__dirname, '..');
export const secret = 'a secret of the bench: 7Rk2vQx9LmZt4WcY8sNd';

/** The built service, in cluster mode, in a process group of its own. */
export class Service {
  private child?: ChildProcess;

  constructor(
    readonly port: number,
    private readonly options: { readonly dir: string; readonly workers: number; readonly env: Record<string, string> },
  ) {}

  async start(): Promise<void> {
    const { dir, workers, env } = this.options;
    mkdirSync(dir, { recursive: true });
    const log = openSync(join(dir, 'service.log'), 'a');
    const flags = ['start', 'dist', '--sticky', `--workers=${workers}`, `--port=${this.port}`, '--title=egg-im-bench'];
    this.child = spawn(join(root, 'node_modules/.bin/egg-scripts'), flags, {
      cwd: root,
      detached: true,
      stdio: ['ignore', log, log],
      env: {
        ...process.env,
        IM_JWT_SECRET: secret,
        EGG_HOME: dir,
        EGG_SERVER_ENV: 'prod',
        NODE_ENV: 'production',
        ...env,
      },
    });
    closeSync(log);
    await this.untilReady();
  }

  async untilReady(): Promise<void> {
    for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(100)) {
      const answer = await fetch(`http://127.0.0.1:${this.port}/healthz`).catch(() => undefined);
      if (answer?.ok) return;
      if (this.child?.exitCode !== null)
        throw new Error(`the service ended while it started: ${this.options.dir}/service.log`);
    }
    throw new Error(`the service does not answer: ${this.options.dir}/service.log`);
  }

  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  /** Master, agent and workers at once, as a power cut would. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** One app worker alone; the master starts another. */
  async killWorker(): Promise<void> {
    const worker = processes().find(
      ({ group, command }) => group === this.child?.pid && command.includes('app_worker.js'),
    );
    process.kill(worker!.pid, 'SIGKILL');
    await this.untilReady();
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    process.kill(-child.pid, signal);
    await gone;
    while (groupLives(child.pid)) await sleep(50);
  }
}

interface Listed {
  readonly pid: number;
  readonly group: number;
  readonly command: string;
}

function processes(): Listed[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,pgid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.map(line => {
    const [, pid, group, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? ['', '0', '0', ''];
    return { pid: Number(pid), group: Number(group), command };
  });
}

function groupLives(pid: number): boolean {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}

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
