import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seed, type Shape } from './cast';
import { LoadClient, message } from './client';
import { openFiles, readCpu, residentBytes } from './cpu';
import type { Device, Done, Task } from './crowd';
import { percentilesOf, type Percentiles } from './figures';
import type { Cast } from './load';
import { forkFile, freePort, option, prepareDatabase, root, withServices, type Services } from './parts';
import { Service } from './service';

/*
 * Many devices that do nothing: how fast they connect, what memory they take, how soon a notice reaches them all, and how soon all
 * are level after a restart of the service while others write. The bare relay connects as many beside it, 10,000 at most.
 * `npm run bench:connections [-- --devices=10000 --workers=1 --at-once=400 --checkout=DIR]`. Devices have 250 addresses among them, which
 * sticky mode spreads over the workers; each process may have to hold as many files open as it has devices (`ulimit -n`).
 */

const devices = Number(option('devices', '10000'));
const workers = Number(option('workers', '1'));
const atOnce = Number(option('at-once', '400'));
const checkout = option('checkout', root);
const dir = join(root, '.local/bench-connections');
/** Devices of one process of the load. */
const EACH = 10_000;
/** Pairs that write to each other once a second meanwhile. */
const PAIRS = 20;
/** Connected and gone again before anything is counted: what is made once is made. */
const WARM_UP = 500;
const SETTLE_MS = 5000;
/** After this, who has not been told is given up: twice as long as the look for lost pushes takes at most. */
const TOLD_MS = 60_000;
const ADMIN = 'admin-of-the-bench-3fWq9LmZt4WcY8sNd';

async function main({ mysql, redis }: Services): Promise<void> {
  const env = { DATABASE_URL: `${mysql.url}/egg_im_bench`, REDIS_URL: `${redis.url}/0`, IM_ADMIN_TOKEN: ADMIN };
  await prepareDatabase(env.DATABASE_URL, checkout);
  const cast = await seed(env.DATABASE_URL, 1, shape());
  await relay(cast);
  const service = new Service(await freePort(), { dir, workers, env, checkout });
  await service.start();
  const crowds = crowdsOf(cast.people.slice(PAIRS * 2));
  try {
    await connected('egg-im', service.port, crowds, () => service.pids().worker);
    await noticed(service.port, crowds);
    await restarted(service, crowds, cast);
  } finally {
    for (const { stop } of crowds) stop();
    await service.stop();
  }
}

function shape(): Shape {
  const pair = (place: number) => ({ type: 'single' as const, members: [place * 2, place * 2 + 1] });
  return { people: devices + PAIRS * 2, conversations: Array.from({ length: PAIRS }, (_, place) => pair(place)) };
}

/** Devices in a process of their own. */
interface Crowd {
  readonly devices: readonly Device[];
  tell(task: Task): Promise<Done>;
  stop(): void;
}

function crowdsOf(people: readonly Device[]): Crowd[] {
  return Array.from({ length: Math.ceil(people.length / EACH) }, (_, index) => {
    const child = forkFile('crowd.ts');
    return {
      devices: people.slice(index * EACH, (index + 1) * EACH),
      tell: async task => {
        child.send(task);
        return ((await once(child, 'message')) as [Done])[0];
      },
      stop: () => child.kill(),
    };
  });
}

/** Has all crowds do something at once. Resolves with how long the last took. */
async function all(crowds: readonly Crowd[], taskOf: (crowd: Crowd) => Task): Promise<Done> {
  const done = await Promise.all(crowds.map(each => each.tell(taskOf(each))));
  return {
    ms: Math.max(...done.map(each => each.ms)),
    tries: done.reduce((sum, each) => sum + each.tries, 0),
    lacking: done.reduce((sum, each) => sum + each.lacking, 0),
  };
}

async function relay({ people }: Cast): Promise<void> {
  const port = await freePort();
  const child = forkFile('relay.ts', { PORT: String(port) });
  await once(child, 'message');
  // One process, which may not hold more files open than a worker.
  const some = people.slice(PAIRS * 2).slice(0, EACH);
  const crowds = crowdsOf(some.map(() => ({ auth: { conversationIds: [] } })));
  await connected('relay', port, crowds, () => [child.pid!]);
  for (const { stop } of [...crowds, { stop: () => child.kill() }]) stop();
  await once(child, 'exit');
}

async function connected(title: string, port: number, crowds: readonly Crowd[], pids: () => number[]): Promise<void> {
  const connect =
    (most: number) =>
    (crowd: Crowd): Task => ({
      do: 'connect',
      port,
      devices: crowd.devices.slice(0, most),
      atOnce: Math.ceil(atOnce / crowds.length),
    });
  await all(crowds, connect(WARM_UP));
  await all(crowds, () => ({ do: 'leave' }));
  await sleep(SETTLE_MS);
  const memory = () => pids().reduce((sum, pid) => sum + residentBytes(pid), 0);
  const cpu = () => readCpu({ own: pids() }).own;
  const before = memory();
  const start = cpu();
  const { ms, tries } = await all(crowds, connect(Infinity));
  const micros = cpu() - start;
  await sleep(SETTLE_MS);
  const count = crowds.reduce((sum, each) => sum + each.devices.length, 0);
  const kilobytes = (memory() - before) / count / 1024;
  print(title, `${count} devices connected`, `${((count / ms) * 1000).toFixed(0)}/s, ${tries} tries more`);
  print(title, 'CPU of one connecting', `${(micros / count).toFixed(0)} µs`);
  print(title, 'memory of one that is idle', `${kilobytes.toFixed(1)} KB`);
  print(title, 'files open at each worker', pids().map(openFiles).join(', '));
}

async function noticed(port: number, crowds: readonly Crowd[]): Promise<void> {
  const start = performance.now();
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/notices`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ to: 'all', clientMsgId: randomUUID(), title: 'To all', text: 'Everybody is told this.' }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  const reached = await told(crowds);
  print('egg-im', 'a notice to all has reached', `${reached} after ${(performance.now() - start).toFixed(0)} ms`);
}

/** Waits until everybody knows of what is in their stream. Resolves with how many do, as `all 10` or `9 of 10`. */
async function told(crowds: readonly Crowd[]): Promise<string> {
  const { lacking } = await all(crowds, () => ({ do: 'told', head: 0, withinMs: TOLD_MS }));
  return lacking === 0 ? `all ${devices}` : `${devices - lacking} of ${devices}`;
}

async function restarted(service: Service, crowds: readonly Crowd[], cast: Cast): Promise<void> {
  const stopped = performance.now();
  await service.stop();
  await all(crowds, () => ({ do: 'leave' }));
  await service.start();
  const start = performance.now();
  const writing = new Writing(service.port, cast);
  const { tries } = await all(crowds, ({ devices: own }) => ({
    do: 'connect',
    port: service.port,
    devices: own,
    atOnce: Math.ceil(atOnce / crowds.length),
  }));
  const level = await told(crowds);
  const ms = performance.now() - start;
  const { p50, p99, refused } = await writing.end();
  print(
    'egg-im',
    `restarted in ${(start - stopped).toFixed(0)} ms: level are`,
    `${level} ${ms.toFixed(0)} ms later, ${tries} tries more`,
  );
  print('egg-im', 'those who write meanwhile', `p50 ${p50.toFixed(0)} p99 ${p99.toFixed(0)} ms, ${refused} refused`);
}

/** Pairs of whom one writes to the other once a second, from the moment at which it is connected. */
class Writing {
  private readonly times: number[] = [];
  private refused = 0;
  private isOver = false;
  private readonly writers;

  constructor(port: number, { people, conversations }: Cast) {
    this.writers = conversations.map(({ id, members }) => this.write(port, people[members[0]].auth, id));
  }

  private async write(port: number, auth: object, conversationId: string): Promise<void> {
    const client = await LoadClient.connect(port, auth, undefined);
    while (!this.isOver) {
      const start = performance.now();
      const isStored = await new Promise<boolean>(resolve =>
        client.request('message:send', message(conversationId), ({ ok }) => resolve(ok)),
      );
      if (isStored) this.times.push(performance.now() - start);
      else this.refused++;
      await sleep(1000 - (performance.now() - start));
    }
    client.close();
  }

  async end(): Promise<Percentiles & { readonly refused: number }> {
    this.isOver = true;
    await Promise.all(this.writers);
    return { ...percentilesOf(this.times), refused: this.refused };
  }
}

function print(title: string, what: string, figure: string): void {
  console.log(`${title.padEnd(8)} ${what.padEnd(46)} ${figure}`);
}

withServices(dir, main).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
