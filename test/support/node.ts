import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Client } from './client';
import type { Person } from './person';
import { app } from './service';

/** A second node of the service: a process of its own on the same database and Redis. */
export class Node {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** With leases of presence that end after `leaseMs`. */
  static async start({ leaseMs = app.presence.options.leaseMs } = {}): Promise<Node> {
    // The types of what it runs are checked with those of the tests.
    const env = { ...process.env, TS_NODE_TRANSPILE_ONLY: 'true' };
    const child = fork(join(__dirname, 'node_entry.ts'), [app.baseDir, String(leaseMs)], { stdio: 'inherit', env });
    const port = await new Promise<number>((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', () => reject(new Error('the second node ended while it started')));
    });
    return new Node(child, `http://127.0.0.1:${port}`);
  }

  connect({ session, deviceId }: Person): Promise<Client> {
    return Client.connect(this.url, { token: session.accessToken, deviceId }, {});
  }

  /** As an operator does it. */
  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  /** As a power cut does it. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill(signal);
    await gone;
  }
}
