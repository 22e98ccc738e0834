import { setTimeout as sleep } from 'node:timers/promises';
import { LoadClient, message } from './client';
import { readCpu, type Parts } from './cpu';
import { addressOf } from './parts';

/** Who takes part: `conversations` lists, for each conversation, the places of its members in `people`. */
export interface Cast {
  readonly people: readonly { readonly auth: Record<string, unknown> }[];
  readonly conversations: readonly { readonly id: string; readonly members: readonly number[] }[];
}

export interface Order {
  readonly port: number;
  readonly cast: Cast;
  /** Messages under way at once, in all. */
  readonly inFlight: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** The receivers acknowledge their cursor once a second, as real clients do. */
  readonly acknowledge: boolean;
  /** Whose CPU time is read, beside the load generator's own. */
  readonly parts?: Parts;
}

export interface Figures {
  readonly acked: number;
  readonly delivered: number;
  readonly refused: number;
  readonly ackedPerSecond: number;
  readonly deliveredPerSecond: number;
  /** Milliseconds from sending to the ack. */
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number };
  /** Microseconds of CPU time of each part for one acked message; empty but on Linux. */
  readonly cpu: Readonly<Record<string, number>>;
}

const CONNECT_AT_ONCE = 50;
const ACKNOWLEDGE_MS = 1000;

/** A closed loop: each sender has the next message on its way as soon as one is acked. Bounded in time and in flight. */
class Load {
  private phase: 'warm-up' | 'measure' | 'over' = 'warm-up';
  private delivered = 0;
  private refused = 0;
  private readonly latencies: number[] = [];
  private readonly cursors = new Map<LoadClient, number>();

  constructor(
    private readonly order: Order,
    private readonly clients: readonly LoadClient[],
  ) {}

  async run(): Promise<Figures> {
    const { warmUpMs, measureMs } = this.order;
    const parts = { ...this.order.parts, load: [process.pid] };
    for (const client of this.clients) this.receive(client);
    const timer = setInterval(() => this.acknowledge(), ACKNOWLEDGE_MS);
    this.begin();

    await sleep(warmUpMs);
    this.phase = 'measure';
    const start = performance.now();
    const before = readCpu(parts);
    await sleep(measureMs);
    this.phase = 'over';
    const seconds = (performance.now() - start) / 1000;
    const after = readCpu(parts);
    clearInterval(timer);
    for (const client of this.clients) client.close();
    return this.figures(seconds, before, after);
  }

  private receive(client: LoadClient): void {
    client.onPush = entries => {
      this.cursors.set(client, entries.at(-1)?.syncSeq ?? 0);
      if (this.phase === 'measure') for (const { data } of entries) this.delivered += data.messages.length;
    };
  }

  private acknowledge(): void {
    if (this.order.acknowledge)
      for (const [client, syncSeq] of this.cursors) client.request('sync:ack', { syncSeq }, () => undefined);
    this.cursors.clear();
  }

  private begin(): void {
    const { inFlight, cast } = this.order;
    for (let index = 0; index < inFlight; index++) {
      const { id, members } = cast.conversations[index % cast.conversations.length];
      const turn = Math.floor(index / cast.conversations.length);
      this.send(this.clients[members[turn % members.length]], id);
    }
  }

  private send(client: LoadClient, conversationId: string): void {
    const start = performance.now();
    client.request('message:send', message(conversationId), ({ ok }) => {
      if (this.phase === 'measure') {
        if (ok) this.latencies.push(performance.now() - start);
        else this.refused++;
      }
      if (this.phase !== 'over') this.send(client, conversationId);
    });
  }

  private figures(seconds: number, before: Record<string, number>, after: Record<string, number>): Figures {
    const { latencies, delivered, refused } = this;
    latencies.sort((a, b) => a - b);
    const percentile = (share: number) => latencies[Math.floor(latencies.length * share)] ?? NaN;
    const acked = latencies.length;
    return {
      acked,
      delivered,
      refused,
      ackedPerSecond: acked / seconds,
      deliveredPerSecond: delivered / seconds,
      latency: { p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99) },
      cpu: Object.fromEntries(Object.entries(after).map(([name, time]) => [name, (time - before[name]) / acked])),
    };
  }
}

async function drive(order: Order): Promise<Figures> {
  const { port, cast } = order;
  const clients: LoadClient[] = [];
  for (let from = 0; from < cast.people.length; from += CONNECT_AT_ONCE) {
    const slice = cast.people.slice(from, from + CONNECT_AT_ONCE);
    const connecting = slice.map(({ auth }, index) => LoadClient.connect(port, auth, addressOf(from + index)));
    clients.push(...(await Promise.all(connecting)));
  }
  return new Load(order, clients).run();
}

process.on('message', (order: Order) => {
  drive(order).then(
    figures => process.send?.(figures),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
