import { createConnection, type Connection } from 'mysql2/promise';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Cast, Order, Sample } from './load';
import type { Scenario } from './scenarios';
import { among, fill, firstOf } from './full';
import { forkFile, freePort, LoadGenerator, prepareDatabase, type Services } from './parts';
import { Service } from './service';

/** What is given the load, in turns with others. */
export interface Target {
  readonly title: string;
  open(scenario: Scenario): Promise<Driven>;
}

/** A target that is running, with everybody connected. */
export interface Driven {
  /** Gives it the load for so many milliseconds. */
  run(ms: number): Promise<Sample>;
  close(): Promise<void>;
}

/** Connects the people of an order to what runs already; `stop` ends that. */
async function driven(order: Order, stop: () => Promise<void>): Promise<Driven> {
  try {
    const generator = await LoadGenerator.start(order);
    const close = () => {
      generator.stop();
      return stop();
    };
    return { run: ms => generator.run(ms), close };
  } catch (error) {
    await stop();
    throw error;
  }
}

export class Relay implements Target {
  readonly title = 'bare relay';

  async open({ shape, inFlight, paceMs }: Scenario): Promise<Driven> {
    const conversations = shape.conversations.map(({ members }, index) => ({ id: String(index), members }));
    const people = Array.from({ length: shape.people }, (_, place) => {
      const conversationIds = conversations.filter(each => each.members.includes(place)).map(each => each.id);
      return { auth: { conversationIds } };
    });
    const port = await freePort();
    const relay = forkFile('relay.ts', { PORT: String(port) });
    await once(relay, 'message');
    const order = { port, cast: { people, conversations }, inFlight, paceMs, acknowledge: false };
    return driven({ ...order, parts: { relay: [relay.pid!] } }, async () => {
      relay.kill();
      await once(relay, 'exit');
    });
  }
}

/** A checkout whose service is built, with a database of its own. */
export class Checkout {
  private readonly casts = new Map<Scenario, Cast>();

  private constructor(
    readonly path: string,
    readonly name: string,
    readonly env: { readonly DATABASE_URL: string; readonly REDIS_URL: string },
    readonly services: Services,
    private readonly connection: Connection,
    /** Messages that are in its tables before. */
    private readonly messages: number,
  ) {}

  /** `number` tells it and its databases from other checkouts: 0 is this one. With `messages` its tables are full before. */
  static async prepare(path: string, number: number, services: Services, messages = 0): Promise<Checkout> {
    const isBuilt = ['dist', 'app.js'].some(each => existsSync(join(path, each)));
    if (!isBuilt) throw new Error(`${path} is not built: npm ci && npm run build there`);
    const { mysql, redis } = services;
    const env = { DATABASE_URL: `${mysql.url}/egg_im_bench_${number}`, REDIS_URL: `${redis.url}/${number}` };
    await prepareDatabase(env.DATABASE_URL, path);
    const name = messages > 0 ? 'full' : number === 0 ? 'egg-im' : 'against';
    const connection = await createConnection({ uri: env.DATABASE_URL });
    // A service that starts looks for what is to be purged, through full tables for a minute: not while this has the lock of it.
    await connection.query("DO GET_LOCK(CONCAT('egg-im:retention:', LEFT(SHA2(DATABASE(), 256), 32)), 0)");
    return new Checkout(path, name, env, services, connection, messages);
  }

  /**
   * Puts the people of a scenario in, among so many others, by the checkout's own code, which knows its tables and signs its
   * tokens.
   */
  async seed(scenario: Scenario, copies = 1): Promise<void> {
    const { seed } = createRequire(__filename)(join(this.path, 'bench/cast.ts')) as typeof import('./cast');
    const firstId = 1 + this.casts.size * 1_000_000;
    const { DATABASE_URL: url } = this.env;
    const cast = await seed(url, firstId, among(scenario.shape, copies));
    if (this.messages > 0) await fill(url, firstId, cast);
    this.casts.set(scenario, firstOf(cast, copies));
  }

  /** Its database goes: it may be of gigabytes, which nobody looks at. */
  async drop(): Promise<void> {
    await this.connection.query(`DROP DATABASE ${databaseOf(this.env.DATABASE_URL)}`);
    await this.connection.end();
  }

  castOf(scenario: Scenario): Cast {
    return this.casts.get(scenario)!;
  }
}

const databaseOf = (url: string) => new URL(url).pathname.slice(1);

/** One that is not of this machine has none. */
const pidsOf = ({ pid }: { readonly pid?: number }) => (pid ? [pid] : []);

export const titleOf = ({ name }: Checkout, workers: number) => `${name}, ${workers} worker${workers === 1 ? '' : 's'}`;

export class BuiltService implements Target {
  readonly title: string;

  constructor(
    private readonly checkout: Checkout,
    private readonly workers: number,
    private readonly dir: string,
  ) {
    this.title = titleOf(checkout, workers);
  }

  async open(scenario: Scenario): Promise<Driven> {
    const { dir, workers, checkout } = this;
    const { path, env, services } = checkout;
    const { inFlight, paceMs } = scenario;
    const port = await freePort();
    const service = new Service(port, { dir, workers, env, checkout: path });
    await service.start();
    const parts = { ...service.pids(), MySQL: pidsOf(services.mysql), Redis: [services.redis.pid!] };
    const order = { port, cast: checkout.castOf(scenario), inFlight, paceMs, acknowledge: true };
    return driven({ ...order, parts }, () => service.stop());
  }
}
