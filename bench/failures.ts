import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { Server } from '../scripts/services/server.mjs';
import type { Proxy } from '../test/support/proxy';
import type { Conversation } from './conversation';
import type { Services } from './parts';
import type { Service } from './service';

/** How long a part that is killed is away, besides the time it takes to start. */
const DOWN_MS = 2000;
/** How long a part hangs, or is slow. */
const HUNG_MS = 20_000;
const SLOW_BYTES = 100_000;
const LOCKED_MS = 8000;
/** In which answers that the service has written before its end are read here. */
const READ_MS = 500;

/** What is made to fail, and who talks meanwhile. */
export interface Scene {
  readonly service: Service;
  readonly services: Services;
  /** By which the service reaches Redis. */
  readonly redisWay: Proxy;
  readonly databaseUrl: string;
  /** The id of a conversation of two people. */
  readonly conversationId: string;
  readonly talk: Conversation;
  readonly offences: string[];
}

/** Makes something fail until it works again. Returns, as a string, what there is to say of it besides. */
type Failure = (scene: Scene) => Promise<unknown>;

/** A MySQL that is not this program's own is left alone. */
const ofMysql = (fail: (mysql: Server) => Promise<unknown>): Failure => {
  return ({ services: { mysql } }) => ('kill' in mysql ? fail(mysql) : Promise.resolve('left out: it is not ours'));
};

export const failures: Readonly<Record<string, Failure>> = {
  'npm stop': stop,
  'kill -9 of an app worker': ({ service }) => service.killWorker(),
  'kill -9 of the whole app': ({ service }) => restart(service),
  'kill -9 of MySQL': ofMysql(restart),
  'kill -9 of Redis': ({ services }) => restart(services.redis),
  'a conversation locked for 8 s': lock,
  'MySQL hanging for 20 s': ofMysql(hang),
  'Redis hanging for 20 s': ({ services }) => hang(services.redis),
  'Redis at 100 kB/s for 20 s': slow,
};

async function restart(part: { kill(): Promise<unknown>; start(): Promise<unknown> }): Promise<void> {
  await part.kill();
  await sleep(DOWN_MS);
  await part.start();
}

async function hang({ pid }: Server): Promise<void> {
  process.kill(pid!, 'SIGSTOP');
  await sleep(HUNG_MS);
  process.kill(pid!, 'SIGCONT');
}

async function slow({ redisWay }: Scene): Promise<void> {
  redisWay.throttle(SLOW_BYTES);
  await sleep(HUNG_MS);
  redisWay.restore();
}

/** What the service stores, it has to answer before it ends. */
async function stop({ service, talk, databaseUrl, offences }: Scene): Promise<string> {
  const underWay = new Set(talk.unanswered());
  const began = performance.now();
  await service.stop();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  await sleep(READ_MS);
  const unanswered = talk.unanswered();
  const stored = await storedOf(databaseUrl, unanswered);
  offences.push(...stored.map(id => `${id} was stored and not answered by a service that was stopped`));
  await service.start();
  const answered = [...underWay].filter(id => !unanswered.includes(id)).length;
  const open = `${unanswered.length} without an answer at the end, after ${seconds} s`;
  return `${underWay.size} sends under way, ${answered} of them answered; of ${open}, ${stored.length} were stored`;
}

async function storedOf(databaseUrl: string, ids: readonly string[]): Promise<string[]> {
  const connection = await createConnection(databaseUrl);
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT client_msg_id FROM message WHERE client_msg_id IN (?)',
    [[...ids, '']],
  );
  await connection.end();
  return rows.map(row => String(row.client_msg_id));
}

/** Who sends there hears so; the others notice nothing. */
async function lock({ databaseUrl, conversationId, talk, offences }: Scene): Promise<string> {
  const [acked, busy] = [talk.acked, talk.refused('BUSY')];
  const connection = await createConnection(databaseUrl);
  await connection.beginTransaction();
  await connection.query('SELECT id FROM conversation WHERE id = ? FOR UPDATE', [conversationId]);
  await sleep(LOCKED_MS);
  await connection.rollback();
  await connection.end();
  const heard = talk.refused('BUSY') - busy;
  if (heard === 0) offences.push('nobody heard BUSY of a conversation that was locked');
  return `BUSY ${heard} times, ${talk.acked - acked} acked meanwhile`;
}
