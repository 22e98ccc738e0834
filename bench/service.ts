import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { table } from '../config/settings';
import { root } from './parts';

const limits = Object.keys(table).filter(name => name.startsWith('IM_LIMIT_'));
/** All that is measured comes from one address, and faster than people are. */
const unlimited = Object.fromEntries(limits.map(name => [name, '0']));
/** For the environment of a service that is to have the limits it has by itself. */
export const limited = Object.fromEntries(limits.map(name => [name, '']));

/** What the services of the bench sign their tokens with. */
export const secret = 'a secret of the bench: 7Rk2vQx9LmZt4WcY8sNd';

export interface ServiceOptions {
  /** For its log and what else it leaves behind. */
  readonly dir: string;
  readonly workers: number;
  readonly env: Record<string, string>;
  /** The checkout whose built service is meant; default: this one. */
  readonly checkout?: string;
}

/** A built service, in cluster mode, in a process group of its own. */
export class Service {
  private child?: ChildProcess;

  constructor(
    readonly port: number,
    private readonly options: ServiceOptions,
  ) {}

  async start(): Promise<void> {
    const { dir, workers, env, checkout = root } = this.options;
    mkdirSync(dir, { recursive: true });
    const log = openSync(join(dir, 'service.log'), 'a');
    // Older states of the program were compiled in place.
    const built = existsSync(join(checkout, 'dist')) ? ['dist'] : [];
    const flags = ['--sticky', `--workers=${workers}`, `--port=${this.port}`, '--title=egg-im-bench'];
    this.child = spawn(join(checkout, 'node_modules/.bin/egg-scripts'), ['start', ...built, ...flags], {
      cwd: checkout,
      detached: true,
      stdio: ['ignore', log, log],
      env: {
        ...process.env,
        IM_JWT_SECRET: secret,
        EGG_HOME: dir,
        EGG_SERVER_ENV: 'prod',
        NODE_ENV: 'production',
        ...unlimited,
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

  /** Its processes: the app workers, and those beside them, which are the master, the agent and what has started them. */
  pids(): { worker: number[]; master: number[] } {
    const own = this.listed();
    const pidsOf = (isWorker: boolean) =>
      own.filter(({ command }) => command.includes('app_worker.js') === isWorker).map(({ pid }) => pid);
    return { worker: pidsOf(true), master: pidsOf(false) };
  }

  /** As `npm stop` does it: the master is told, and tells the others. */
  stop(): Promise<void> {
    return this.end('SIGTERM', this.listed().find(({ command }) => command.includes('start-cluster'))?.pid);
  }

  /** Master, agent and workers at once, as a power cut would. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** One app worker alone; the master starts another. */
  async killWorker(): Promise<void> {
    process.kill(this.pids().worker[0], 'SIGKILL');
    await this.untilReady();
  }

  private listed(): Listed[] {
    return processes().filter(({ group }) => group === this.child?.pid);
  }

  private async end(signal: NodeJS.Signals, pid?: number): Promise<void> {
    const { child } = this;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    process.kill(pid ?? -child.pid, signal);
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
