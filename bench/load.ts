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
  /** Milliseconds from one message of a sender to the next, at least. */
  readonly paceMs?: number;
  /** Each device acknowledges a second after what it was pushed first, as real clients do. */
  readonly acknowledge: boolean;
  /** Whose CPU time is read, beside the load generator's own. */
  readonly parts?: Parts;
}

/** What a while of load came to. */
export interface Sample {
  /** from the first message to the last ack */
  readonly seconds: number;
  /** milliseconds from sending to the ack, of each acked message */
  readonly latencies: readonly number[];
  readonly delivered: number;
  readonly refused: number;
  /** microseconds of CPU time of each part; empty but on Linux */
  readonly cpu: Readonly<Record<string, number>>;
}

const CONNECT_AT_ONCE = 50;
const ACKNOWLEDGE_MS = 1000;
/** After the last ack: what is still on its way to devices gets there, and their own acknowledgements are dealt with. */
const SETTLE_MS = 300;

interface Sender {
  readonly client: LoadClient;
  readonly conversationId: string;
}

/** A closed loop: each sender has the next message on its way as soon as one is acked. Bounded in time and in flight. */
class Load {
  private delivered = 0;
  private refused = 0;
  private latencies: number[] = [];
  private readonly cursors = new Map<LoadClient, number>();

  constructor(
    private readonly order: Order,
    private readonly clients: readonly LoadClient[],
  ) {
    for (const client of clients) {
      client.onPush = entries => {
        if (!this.cursors.has(client)) setTimeout(() => this.acknowledge(client), ACKNOWLEDGE_MS).unref();
        this.cursors.set(client, entries.at(-1)?.syncSeq ?? 0);
        for (const { data } of entries) this.delivered += data.messages?.length ?? 0;
      };
    }
  }

  async run(ms: number): Promise<Sample> {
    const parts = { ...this.order.parts, load: [process.pid] };
    [this.delivered, this.refused, this.latencies] = [0, 0, []];
    const before = readCpu(parts);
    const start = performance.now();
    await Promise.all(this.senders().map(each => this.sendUntil(start + ms, each)));
    const seconds = (performance.now() - start) / 1000;
    for (const client of this.cursors.keys()) this.acknowledge(client);
    await sleep(SETTLE_MS);
    const cpu = Object.entries(readCpu(parts)).map(([name, time]) => [name, time - before[name]] as const);
    const { delivered, refused, latencies } = this;
    return { seconds, latencies, delivered, refused, cpu: Object.fromEntries(cpu) };
  }

  /** One for each message under way. */
  private senders(): Sender[] {
    const { inFlight, cast } = this.order;
    return Array.from({ length: inFlight }, (_, index) => {
      const { id, members } = cast.conversations[index % cast.conversations.length];
      const turn = Math.floor(index / cast.conversations.length);
      return { client: this.clients[members[turn % members.length]], conversationId: id };
    });
  }

  private async sendUntil(end: number, { client, conversationId }: Sender): Promise<void> {
    const { paceMs = 0 } = this.order;
    // Those who wait between messages do not all write at the same moment.
    if (paceMs) await sleep(Math.random() * paceMs);
    for (let start = performance.now(); start < end; start = performance.now()) {
      await this.send(client, conversationId, start);
      if (paceMs) await sleep(paceMs - (performance.now() - start));
    }
  }

  private send(client: LoadClient, conversationId: string, start: number): Promise<void> {
    return new Promise(resolve => {
      client.request('message:send', message(conversationId), ({ ok }) => {
        if (ok) this.latencies.push(performance.now() - start);
        else this.refused++;
        resolve();
      });
    });
  }

  private acknowledge(client: LoadClient): void {
    const syncSeq = this.cursors.get(client);
    this.cursors.delete(client);
    if (this.order.acknowledge && syncSeq) client.request('sync:ack', { syncSeq }, () => undefined);
  }
}

async function connect({ port, cast }: Order): Promise<LoadClient[]> {
  const clients: LoadClient[] = [];
  for (let from = 0; from < cast.people.length; from += CONNECT_AT_ONCE) {
    const slice = cast.people.slice(from, from + CONNECT_AT_ONCE);
    const connecting = slice.map(({ auth }, index) => LoadClient.connect(port, auth, addressOf(from + index)));
    clients.push(...(await Promise.all(connecting)));
  }
  return clients;
}

/** Gets an order once, and then how many milliseconds to drive; says of each when it is done. */
let load: Load;
async function obey(command: Order | number): Promise<Sample | 'ready'> {
  if (typeof command === 'number') return load.run(command);
  load = new Load(command, await connect(command));
  return 'ready';
}

process.on('message', (command: Order | number) => {
  obey(command).then(
    answer => process.send?.(answer),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
