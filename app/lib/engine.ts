import { Acks } from './acks';
import { Database, type DatabaseOptions } from './database';
import { Push, type ImNamespace } from './push';
import { Reads } from './reads';
import { Writer } from './writer';

export interface EngineOptions {
  readonly database: DatabaseOptions;
  readonly lanes: number;
  readonly queueMax: number;
}

/** What this program exists for, in one place: `app.engine`. */
export class Engine {
  readonly database: Database;
  /** The lanes' own connections: what others wait for must not hold up a send. */
  private readonly lanesDatabase: Database;
  readonly push: Push;
  readonly writer: Writer;
  readonly reads: Reads;
  readonly acks: Acks;

  constructor(options: EngineOptions, namespace: ImNamespace) {
    const { lanes, queueMax } = options;
    this.database = new Database(options.database);
    this.lanesDatabase = new Database({ ...options.database, connections: lanes });
    this.push = new Push(namespace);
    this.writer = new Writer(this.lanesDatabase, { lanes, queueMax, publish: each => this.push.publish(each) });
    this.reads = new Reads(this.database, each => this.push.publish(each), queueMax);
    this.acks = new Acks(this.database, queueMax);
  }

  /** Finishes what was taken in, then lets go of the database. */
  async close(): Promise<void> {
    await Promise.all([this.writer.drain(), this.reads.drain(), this.acks.drain()]);
    await Promise.all([this.database.close(), this.lanesDatabase.close()]);
  }
}
