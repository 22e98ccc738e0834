import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seed, type Shape } from './cast';
import { Device } from './device';
import type { Cast } from './load';
import { freePort, option, prepareDatabase, root, withServices, type Services } from './parts';
import { Service } from './service';
import { judge, readStreamHeads } from './verdict';

/*
 * Kills each part of a loaded service with SIGKILL, again and again, and then checks that nothing acked was lost, doubled
 * or put out of order. `npm run audit [-- --rounds=3]`. Ends with 1 and the first offender when something was.
 */

const PEOPLE = 40;
const DEVICES = 2;
const SENDERS_EACH = 3;
const LOAD_MS = 3000;
/** How long a part is away, besides the time it takes to start. */
const DOWN_MS = 2000;
/** What an online device may lack because a push was lost, it has within this time. */
const PROMISE_MS = 30_000;
const SHOWN = 10;

const rounds = Number(option('rounds', '3'));
const dir = join(root, '.local/audit');

/** Everyone has a single conversation with each neighbour, is in a group of ten, and in the group of all. */
const all = Array.from({ length: PEOPLE }, (_, place) => place);
const singles = all.map(place => [place, (place + 1) % PEOPLE]);
const groups = [all, ...[0, 10, 20, 30].map(from => all.slice(from, from + 10))];
const shape: Shape = {
  people: PEOPLE,
  conversations: [
    ...singles.map(members => ({ type: 'single' as const, members })),
    ...groups.map(members => ({ type: 'group' as const, members })),
  ],
};

/** Everyone sends, reads, and now and then has a device offline. */
class Load {
  private sending: Promise<unknown>[] = [];
  private running = true;

  constructor(
    private readonly cast: Cast,
    private readonly devices: readonly (readonly Device[])[],
  ) {
    this.sending = all.flatMap(place => [
      ...Array.from({ length: SENDERS_EACH }, () => this.send(place)),
      this.comeAndGo(devices[place][1]),
    ]);
  }

  get acked(): number {
    return this.devices.flat().reduce((sum, device) => sum + device.acked.length, 0);
  }

  /** Resolves when everything that was sent is acked and every device is online. */
  async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.sending);
  }

  private async send(place: number): Promise<void> {
    const mine = this.cast.conversations.filter(each => each.members.includes(place));
    while (this.running) {
      const [device] = this.devices[place];
      const { id } = mine[randomInt(mine.length)];
      await device.send(id, `from ${device.name} at ${Date.now()}`);
      const read = device.given.at(-randomInt(1, 20));
      if (read && randomInt(5) === 0) await device.read(read.conversationId, read.seq);
    }
  }

  private async comeAndGo(device: Device): Promise<void> {
    while (this.running) {
      await sleep(randomInt(2000, 10_000));
      device.goOffline();
      await sleep(randomInt(100, 3000));
      device.comeBack();
    }
  }
}

async function main({ mysql, redis }: Services): Promise<void> {
  const env = { DATABASE_URL: `${mysql.url}/egg_im_audit`, REDIS_URL: `${redis.url}/0` };
  const service = new Service(await freePort(), { dir, workers: 2, env });
  const kills: Record<string, () => Promise<unknown>> = {
    'an app worker': () => service.killWorker(),
    'the whole app': () => restart(service),
    MySQL: () => restart(mysql),
    Redis: () => restart(redis),
  };
  try {
    await prepareDatabase(env.DATABASE_URL);
    const cast = await seed(env.DATABASE_URL, 1, shape);
    await service.start();
    process.exitCode = await audit(cast, service.port, kills, env.DATABASE_URL);
  } finally {
    await service.stop();
  }
}

async function restart(part: { kill(): Promise<unknown>; start(): Promise<unknown> }): Promise<void> {
  await part.kill();
  await sleep(DOWN_MS);
  await part.start();
}

async function audit(
  cast: Cast,
  port: number,
  kills: Record<string, () => Promise<unknown>>,
  databaseUrl: string,
): Promise<number> {
  const devices = cast.people.map(({ auth }, place) =>
    Array.from(
      { length: DEVICES },
      (_, index) => new Device(`person ${place} device ${index}`, port, auth, place * DEVICES + index),
    ),
  );
  const load = new Load(cast, devices);
  for (let round = 1; round <= rounds; round++) {
    for (const [name, kill] of Object.entries(kills)) {
      await sleep(LOAD_MS);
      const before = load.acked;
      await kill();
      await sleep(LOAD_MS);
      console.log(
        `round ${round}: ${name} killed under load: ${before} acked before, ${load.acked} three seconds after it was back`,
      );
    }
  }
  await load.stop();

  const seconds = await untilLevel(devices, databaseUrl);
  console.log(
    seconds === undefined
      ? 'not all devices had everything without asking'
      : `all devices had everything after ${seconds.toFixed(1)} s`,
  );
  for (const device of devices.flat()) await device.catchUp();
  const { acked, stored, given, offences } = await judge(databaseUrl, cast, devices);
  if (seconds === undefined) offences.push(`a device was behind for ${PROMISE_MS / 1000} s`);
  for (const device of devices.flat()) device.close();

  console.log(`${acked} acked, ${stored} stored, ${given} given to ${devices.flat().length} devices`);
  console.log(
    offences.length === 0
      ? 'nothing lost, nothing doubled, nothing out of order; unread equals a recount'
      : `${offences.length} offences:`,
  );
  for (const offence of offences.slice(0, SHOWN)) console.log(`  ${offence}`);
  return offences.length === 0 ? 0 : 1;
}

/** Seconds until every device has its whole stream, without any pull but those the protocol asks for. */
async function untilLevel(devices: readonly (readonly Device[])[], databaseUrl: string): Promise<number | undefined> {
  const heads = await readStreamHeads(databaseUrl);
  const start = performance.now();
  while (performance.now() - start < PROMISE_MS) {
    if (devices.every((own, place) => own.every(device => device.cursor >= heads[place])))
      return (performance.now() - start) / 1000;
    await sleep(100);
  }
  return undefined;
}

withServices(dir, main).then(
  // Not left to the event loop: devices that still try to connect would keep it going.
  () => process.exit(),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
