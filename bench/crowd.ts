import { setTimeout as sleep } from 'node:timers/promises';
import { LoadClient } from './client';
import { addressOf } from './parts';

/*
 * A process that holds many devices. What it is told to do, and answers, are messages of `Task` and `Done`.
 */

export interface Device {
  readonly auth: Record<string, unknown>;
}

export type Task =
  /** Everybody connects, so many at once; whoever is refused or cut off tries again. Resolves when all are connected. */
  | { readonly do: 'connect'; readonly port: number; readonly devices: readonly Device[]; readonly atOnce: number }
  /** Resolves when each device has been told of a place in its stream behind that one, or after so long. */
  | { readonly do: 'told'; readonly head: number; readonly withinMs: number }
  | { readonly do: 'leave' };

export interface Done {
  readonly ms: number;
  /** How often somebody was refused or cut off. */
  readonly tries: number;
  /** Devices that have not been told. */
  readonly lacking: number;
}

const AGAIN_MS = 200;

class Crowd {
  private readonly clients = new Set<LoadClient>();
  private tries = 0;
  private lacking: LoadClient[] = [];

  async connect({ port, devices, atOnce }: Extract<Task, { do: 'connect' }>): Promise<void> {
    const waiting = [...devices.entries()];
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let next = waiting.pop(); next; next = waiting.pop()) await this.enter(port, ...next);
      }),
    );
  }

  private async enter(port: number, index: number, { auth }: Device): Promise<void> {
    for (;;) {
      try {
        const client = await LoadClient.connect(port, auth, addressOf(index));
        this.clients.add(client);
        return;
      } catch {
        this.tries++;
        await sleep(AGAIN_MS);
      }
    }
  }

  async told({ head, withinMs }: Extract<Task, { do: 'told' }>): Promise<void> {
    const end = performance.now() + withinMs;
    this.lacking = [...this.clients].filter(client => client.head <= head);
    while (this.lacking.length > 0 && performance.now() < end) {
      await sleep(10);
      this.lacking = this.lacking.filter(client => client.head <= head);
    }
  }

  leave(): void {
    for (const client of this.clients) client.close();
    this.clients.clear();
  }

  async run(task: Task): Promise<Done> {
    this.tries = 0;
    this.lacking = [];
    const start = performance.now();
    if (task.do === 'connect') await this.connect(task);
    else if (task.do === 'told') await this.told(task);
    else this.leave();
    return { ms: performance.now() - start, tries: this.tries, lacking: this.lacking.length };
  }
}

const crowd = new Crowd();
process.on('message', (task: Task) => {
  crowd.run(task).then(
    done => process.send?.(done),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
