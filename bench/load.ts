import { LoadClient, message } from './client';
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
}

export interface Figures {
  readonly acked: number;
  readonly delivered: number;
  readonly refused: number;
  readonly ackedPerSecond: number;
  readonly deliveredPerSecond: number;
  /** Milliseconds from sending to the ack. */
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number };
}

const CONNECT_AT_ONCE = 50;

/** A closed loop: each sender has the next message on its way as soon as one is acked. Bounded in time and in flight. */
export async function drive({ port, cast, inFlight, warmUpMs, measureMs, acknowledge }: Order): Promise<Figures> {
  const clients: LoadClient[] = [];
  for (let from = 0; from < cast.people.length; from += CONNECT_AT_ONCE) {
    const slice = cast.people.slice(from, from + CONNECT_AT_ONCE);
    clients.push(
      ...(await Promise.all(slice.map(({ auth }, index) => LoadClient.connect(port, auth, addressOf(from + index))))),
    );
  }

  let phase: 'warm-up' | 'measure' | 'over' = 'warm-up';
  let delivered = 0;
  let refused = 0;
  const latencies: number[] = [];
  const cursors = new Map<LoadClient, number>();
  for (const client of clients) {
    client.onPush = entries => {
      cursors.set(client, entries.at(-1)?.syncSeq ?? 0);
      if (phase === 'measure') for (const { data } of entries) delivered += data.messages.length;
    };
  }
  const timer = setInterval(() => {
    if (acknowledge) for (const [client, syncSeq] of cursors) client.request('sync:ack', { syncSeq }, () => undefined);
    cursors.clear();
  }, 1000);

  const send = (client: LoadClient, conversationId: string): void => {
    const start = performance.now();
    client.request('message:send', message(conversationId), ({ ok }) => {
      if (phase === 'measure') {
        if (ok) latencies.push(performance.now() - start);
        else refused++;
      }
      if (phase !== 'over') send(client, conversationId);
    });
  };
  for (let index = 0; index < inFlight; index++) {
    const { id, members } = cast.conversations[index % cast.conversations.length];
    const turn = Math.floor(index / cast.conversations.length);
    send(clients[members[turn % members.length]], id);
  }

  await sleep(warmUpMs);
  phase = 'measure';
  const start = performance.now();
  await sleep(measureMs);
  phase = 'over';
  const seconds = (performance.now() - start) / 1000;
  clearInterval(timer);
  for (const client of clients) client.close();

  latencies.sort((a, b) => a - b);
  const percentile = (share: number) => latencies[Math.floor(latencies.length * share)] ?? NaN;
  return {
    acked: latencies.length,
    delivered,
    refused,
    ackedPerSecond: latencies.length / seconds,
    deliveredPerSecond: delivered / seconds,
    latency: { p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99) },
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
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
