import { createAdapter } from '@socket.io/redis-adapter';
import { app, mm } from 'egg-mock/bootstrap';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Redis } from 'ioredis';
import type { AddressInfo } from 'node:net';
import { QueryTypes } from 'sequelize';
import { Server } from 'socket.io';
import { Engine, type EngineOptions } from '../../app/lib/engine';
import type { ImServer, ImSocket } from '../../app/lib/stream/socket';
import { RedisBus, type Bus } from '../../app/lib/stream/bus';
import { settings } from '../../config/settings';

export { app, mm };

let address = '';

// Mocha runs this once, for the whole suite: this file is loaded outside every `describe`.
before(async () => {
  await app.ready();
  const server = app.listen(0);
  // Under egg-mock nobody else tells the plugin of the server that its sockets are to be attached to.
  app.emit('server', server);
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

export function url(): string {
  return address;
}

export function select(sql: string, replacements: Record<string, unknown> = {}): Promise<Record<string, unknown>[]> {
  return app.model.query(sql, { type: QueryTypes.SELECT, replacements });
}

export async function count(from: string, replacements: Record<string, unknown> = {}): Promise<number> {
  const [row] = await select(`SELECT COUNT(*) AS n FROM ${from}`, replacements);
  return Number(row.n);
}

const TABLES = ['user', 'conversation', 'conversation_member', 'chat_group', 'message', 'push_history'];

/** Rows of each table that holds what users make. */
function stored(): Promise<number[]> {
  return Promise.all(TABLES.map(table => count(table)));
}

/** Runs `work`, after which there may be not one row more, or less. */
export async function storesNothing(work: () => Promise<unknown>): Promise<void> {
  const before = await stored();
  await work();
  assert.deepEqual(await stored(), before, `rows of ${TABLES.join(', ')}`);
}

/** The server's end of the connection of a device. */
export function socketOf({ deviceId }: { readonly deviceId: string }): ImSocket {
  const { sockets } = app.io.of('/im');
  return [...sockets.values()].find(each => each.data.deviceId === deviceId)!;
}

/** Of a lone process. */
const silent: Bus = { send: () => undefined, listen: () => undefined };

const engines: Engine[] = [];
const connections: Redis[] = [];

afterEach(async () => {
  await Promise.all(engines.splice(0).map(each => each.close()));
  for (const each of connections.splice(0)) each.disconnect();
});

/** Stands for another process: an engine on the same database with sockets, and a push, of its own. Closed after the test. */
export function otherProcess(
  options: Partial<EngineOptions> = {},
  bus: Bus = silent,
): { engine: Engine; io: ImServer } {
  const io: ImServer = new Server();
  // The adapter of a lone process warns at every push that it has nobody to tell.
  io.of('/im').adapter.serverSideEmit = () => undefined;
  const database = { ...settings.database, connections: 4 };
  const engine = new Engine({ ...app.config.im, database, ...options }, io.of('/im'), app.model, bus);
  engines.push(engine);
  return { engine, io };
}

/** The same, and its pushes reach the service under test by Redis. */
export async function connectedProcess(): Promise<{ engine: Engine; io: ImServer }> {
  const redis = [app.redis.duplicate(), app.redis.duplicate({ enableOfflineQueue: true })];
  connections.push(...redis);
  await Promise.all(redis.map(each => once(each, 'ready')));
  const other = otherProcess({}, new RedisBus(redis[0], redis[1], `${settings.im.redisPrefix}:push`));
  other.io.adapter(createAdapter(redis[0], redis[1], { key: `egg-im:${settings.database.name}` }));
  return other;
}
