import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Proxy } from '../test/support/proxy';
import { seed, type Shape } from './cast';
import { Conversation } from './conversation';
import { Device } from './device';
import { failures, type Scene } from './failures';
import type { Cast } from './load';
import { freePort, option, prepareDatabase, root, withServices, type Services } from './parts';
import { Service } from './service';
import { judge, readStreamHeads } from './verdict';

/*
 * Stops, kills, hangs and slows each part of a loaded service, and then checks that nothing acked was lost, doubled or put out of
 * order, and that what was stored by a service that was stopped was answered. `npm run audit [-- --rounds=3]`. Ends with 1 and the
 * first offenders when something was. With DATABASE_URL it works on that MySQL, and leaves its process alone.
 */

const PEOPLE = 40;
const DEVICES = 2;
const LOAD_MS = 3000;
/** What an online device may lack because a push was lost, it has within this time. */
const PROMISE_MS = 30_000;
const SHOWN = 10;

const rounds = Number(option('rounds', '1'));
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

async function main(services: Services): Promise<void> {
  const { mysql, redis } = services;
  const redisWay = new Proxy({ host: '127.0.0.1', port: redis.port });
  const env = { DATABASE_URL: `${mysql.url}/egg_im_audit`, REDIS_URL: `redis://127.0.0.1:${redisWay.port}/0` };
  const service = new Service(await freePort(), { dir, workers: 2, env });
  try {
    await prepareDatabase(env.DATABASE_URL);
    const cast = await seed(env.DATABASE_URL, 1, shape);
    await service.start();
    const devices = devicesOf(cast, service.port);
    const conversationId = cast.conversations[0].id;
    const talk = new Conversation(cast, devices);
    const scene = { service, services, redisWay, databaseUrl: env.DATABASE_URL, conversationId, talk, offences: [] };
    await play(scene);
    process.exitCode = await verdictOn(scene, cast, devices);
  } finally {
    await service.stop();
  }
}

function devicesOf(cast: Cast, port: number): Device[][] {
  const deviceOf = (auth: Record<string, unknown>, place: number, index: number) =>
    new Device(`person ${place} device ${index}`, port, auth, place * DEVICES + index);
  return cast.people.map(({ auth }, place) =>
    Array.from({ length: DEVICES }, (_, index) => deviceOf(auth, place, index)),
  );
}

/** Makes everything fail in turn, while people talk. */
async function play(scene: Scene): Promise<void> {
  const { talk } = scene;
  for (let round = 1; round <= rounds; round++) {
    for (const [name, fail] of Object.entries(failures)) {
      await sleep(LOAD_MS);
      const before = talk.acked;
      const said = await fail(scene);
      await sleep(LOAD_MS);
      const counts = `${before} acked before, ${talk.acked} three seconds after it was over`;
      console.log(`round ${round}, ${name}: ${counts}${typeof said === 'string' ? `; ${said}` : ''}`);
    }
  }
  await talk.stop();
}

async function verdictOn(scene: Scene, cast: Cast, devices: readonly (readonly Device[])[]): Promise<number> {
  const { databaseUrl } = scene;
  const seconds = await untilLevel(devices, databaseUrl);
  console.log(
    seconds === undefined
      ? 'not all devices had everything without asking'
      : `all devices had everything after ${seconds.toFixed(1)} s`,
  );
  for (const device of devices.flat()) await device.catchUp();
  const { acked, stored, given, offences: found } = await judge(databaseUrl, cast, devices);
  const offences = [...scene.offences, ...found];
  if (seconds === undefined) offences.push(`a device was behind for ${PROMISE_MS / 1000} s`);
  for (const device of devices.flat()) device.close();

  console.log(`${acked} acked, ${stored} stored, ${given} given to ${devices.flat().length} devices`);
  console.log(
    offences.length === 0
      ? 'nothing lost, nothing doubled, nothing out of order, all answered that was stored; unread equals a recount'
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
