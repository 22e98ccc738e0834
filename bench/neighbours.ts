import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { protocolNames } from '../config/protocols';
import { residentBytes } from './cpu';
import { percentilesOf } from './figures';
import { attacks } from './neighbours/attacks';
import { Neighbours, type Noticed } from './neighbours/people';
import { makeWorld, type World } from './neighbours/world';
import { forkFile, freePort, option, prepareDatabase, root, withServices, type Services } from './parts';
import { limited, Service } from './service';

/*
 * Two people chat, log in and look at their profiles, while one attacker after the other does what it likes. Prints what the two
 * have noticed, and what memory the worker took. All limits of callers are off: what is shown is what the queues, pools and
 * buffers alone do. `npm run neighbours [-- --seconds=10 --only=TEXT --checkout=DIR --limits=on]`.
 */

const seconds = Number(option('seconds', '10'));
const only = option('only', '');
const checkout = option('checkout', root);
const dir = join(root, '.local/neighbours');
const MEMORY_MS = 200;

interface Row {
  readonly attack: string;
  readonly chat: Noticed;
  readonly login: Noticed;
  readonly profile: Noticed;
  /** Bytes that the worker has had at most, above what it had before. */
  readonly memory: number;
}

async function main({ mysql, redis }: Services): Promise<void> {
  const env = {
    DATABASE_URL: `${mysql.url}/egg_im_neighbours`,
    REDIS_URL: `${redis.url}/0`,
    IM_PROTOCOLS: protocolNames.join(),
    ...(option('limits', 'off') === 'on' && limited),
  };
  await prepareDatabase(env.DATABASE_URL, checkout);
  const service = new Service(await freePort(), { dir, workers: 1, env, checkout });
  const world = await makeWorld(env.DATABASE_URL, service.port);
  await service.start();
  try {
    const people = await Neighbours.meet(service.port);
    await people.live(2000);
    print(await watch('nobody', people, service));
    for (const name of Object.keys(attacks).filter(each => each.includes(only))) {
      print(await suffer(name, world, people, service));
    }
    print(await watch('nobody, at the end', people, service));
  } finally {
    await service.stop();
  }
}

/** What the people notice while an attack runs. */
async function suffer(name: string, world: World, people: Neighbours, service: Service): Promise<Row> {
  const attacker = forkFile('neighbours/attacker.ts', {}, true);
  attacker.send({ name, world });
  // The attack is on its way before anybody looks.
  await sleep(1000);
  try {
    return await watch(name, people, service);
  } finally {
    attacker.kill('SIGKILL');
    await sleep(3000);
  }
}

async function watch(attack: string, people: Neighbours, service: Service): Promise<Row> {
  const [pid] = service.pids().worker;
  const before = residentBytes(pid);
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, residentBytes(pid))), MEMORY_MS);
  try {
    return { attack, ...(await people.live(seconds * 1000)), memory: most - before };
  } finally {
    clearInterval(timer);
  }
}

function print({ attack, chat, login, profile, memory }: Row): void {
  const times = [chat, login, profile].map(each => percentilesOf(each.times)).flatMap(({ p50, p99 }) => [p50, p99]);
  const sum = (of: (each: Noticed) => number) => [chat, login, profile].map(of).join('/');
  const cells = [
    ...times.map(ms => ms.toFixed(0)),
    sum(each => each.refused),
    sum(each => each.lost),
    `${(memory / 1e6).toFixed(0)} MB`,
  ];
  console.log(`| ${attack} | ${cells.join(' | ')} |`);
}

console.log('| attacker | chat p50 | p99 | login p50 | p99 | profile p50 | p99 ms | refused | lost | memory |');
console.log('| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |');
withServices(dir, main).then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
