import { createAdapter } from '@socket.io/redis-adapter';
import type { Application, IBoot } from 'egg';
import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import type { Server } from 'node:http';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connections } from './app/io/connections';
import { handshake } from './app/io/handshake';
import { closeWritten } from './app/io/write_buffer';
import { OpenCalls } from './app/lib/queue/open_calls';
import { bindHttpServer } from './app/io/http_server';
import { BoundedLog } from './app/lib/bounded_log';
import { RedisBus } from './app/lib/stream/bus';
import { Heartbeat, publisherOf, subscriberOf } from './app/lib/stream/redis';
import { HeadCheck } from './app/lib/delivery/head_check';
import { limitStatements } from './app/lib/database/sequelize';
import { Engine } from './app/lib/engine';
import { counterOf, Limits } from './app/lib/limit/limits';
import { Presence } from './app/lib/presence/presence';
import { makeAddressesBy, MediaAddresses } from './app/lib/media/address';
import { Tokens } from './app/lib/auth/tokens';
import { settings } from './config/settings';

const SINGLES = 200_000;

/** How long the steps of an end may take; together less than the 5 s after which egg-scripts kills the worker. */
const DRAIN_MS = 4000;
const TELL_MS = 1000;
const CLOSE_MS = 300;

export default class Boot implements IBoot {
  private headCheck!: HeadCheck;
  private heartbeat!: Heartbeat;
  private publisher!: Redis;
  private subscriber!: Redis;
  private counter!: Redis;

  constructor(private readonly app: Application) {}

  configWillLoad(): void {
    for (const logger of [this.app.logger, this.app.coreLogger])
      logger.log = new BoundedLog(logger.log.bind(logger)).log;
    holdEarlyConnections(this.app);
    this.app.on('server', (server: Server) => bindHttpServer(this.app, server));
    // Around Egg's own middleware too: static files are answered there, and bodies refused that it can not read.
    (this.app.config.coreMiddleware as string[]).unshift('page', 'failure');
    // Sequelize takes it only as it is made.
    (this.app.config.sequelize as { hooks?: object }).hooks = { afterConnect: limitStatements };
    // The plugin's own wiring of namespaces is not used: see app/io/namespace.ts.
    const { app } = this;
    const io = app.config.io as { namespace?: object; init: object };
    io.namespace = {};
    app.connections = new Connections(app);
    app.webSockets = new Map();
    app.olderEvents = new Set();
    // Engine.IO asks it before it opens a connection.
    Object.assign(io.init, { allowRequest: app.connections.allow.bind(app.connections) });
  }

  configDidLoad(): void {
    // Ahead of the plugin's own: nobody unknown gets past the door.
    this.app.io.of('/im').use(handshake(this.app));
  }

  didLoad(): Promise<void> {
    const { app } = this;
    const { im } = app.config;
    const namespace = app.io.of('/im');
    // Channels know no database number, hence the prefix.
    const { redisPrefix: key } = im;
    this.publisher = publisherOf(app.redis);
    this.subscriber = subscriberOf(app.redis);
    this.heartbeat = new Heartbeat(app.redis, this.subscriber, key);
    app.io.adapter(createAdapter(this.publisher, this.subscriber, { key }));
    app.calls = new OpenCalls();
    app.tokens = new Tokens({ secret: im.jwtSecret, accessTtl: im.accessTtl, refreshTtl: im.refreshTtl });
    makeAddressesBy(new MediaAddresses(im.jwtSecret, im.mediaUrlSeconds));
    this.counter = counterOf(app.redis);
    app.limits = new Limits(im.limits, this.counter, key);
    app.singles = new LRUCache({ max: SINGLES });
    const database = { ...settings.database, connections: settings.database.pool };
    const bus = new RedisBus(this.publisher, this.subscriber, `${key}:push`);
    app.engine = new Engine({ ...im, database }, namespace, app.model, bus);
    const onError = (error: unknown) => app.logger.warn(error);
    const { database: streams, broadcasts } = app.engine;
    this.headCheck = new HeadCheck(namespace, streams, broadcasts, im.headIntervalMs, onError);
    const { headIntervalMs: checkMs, queueMax } = im;
    app.presence = new Presence(namespace, app.redis, streams, { prefix: key, checkMs, queueMax, onError });
    return Promise.resolve();
  }

  /** What was taken in is committed, and every answer is with its client, before the sockets close. */
  async beforeClose(): Promise<void> {
    const { app } = this;
    const answered = app.calls.drain().then(() => app.engine.drain());
    // Beside it, because Redis may hang, and the database of the check.
    const told = within(TELL_MS, Promise.all([app.presence.stop(), this.headCheck.stop(), this.heartbeat.stop()]));
    await Promise.all([within(DRAIN_MS, answered), told]);
    // Not told to go away: a client whose connection closes comes back, here or at another node, by itself.
    const connections = [...app.io.of('/im').sockets.values()].map(socket => socket.conn);
    await within(CLOSE_MS, Promise.all(connections.map(closeWritten)));
    await within(CLOSE_MS, app.engine.close());
    for (const redis of [this.subscriber, this.publisher, this.counter, app.redis]) redis.disconnect();
  }
}

/**
 * A sticky master hands connections to a worker that does not listen yet, where nobody takes them: their clients would
 * wait for a time-out of their own. They are kept until the server is there.
 */
function holdEarlyConnections(app: Application): void {
  const held: Socket[] = [];
  const hold = (message: unknown, connection?: unknown) => {
    if (message === 'sticky-session:connection' && connection instanceof Socket) held.push(connection);
  };
  process.on('message', hold);
  app.once('server', (server: Server) => {
    process.off('message', hold);
    setImmediate(() => {
      for (const connection of held) {
        server.emit('connection', connection);
        connection.resume();
      }
    });
  });
}

/** Resolves when the work is done or has failed, and at the latest after so many milliseconds. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work.catch(() => undefined), sleep(ms, undefined, { ref: false })]);
}
