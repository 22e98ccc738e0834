import { Acks } from './receipt/acks';
import { Database, type DatabaseOptions } from './database/pool';
import { MediaFiles } from './media/files';
import { MemberCache } from './message/members';
import { Broadcasts } from './stream/broadcasts';
import { Purge, type PurgeOptions } from './retention/purge';
import { Publisher, type ImNamespace } from './stream/publisher';
import { Reads } from './receipt/reads';
import type { Publication } from './stream/stream';
import { Writer } from './message/writer';

export interface EngineOptions extends PurgeOptions {
  readonly database: DatabaseOptions;
  readonly lanes: number;
  readonly queueMax: number;
  readonly singlePolicy: 'anyone' | 'friends';
  readonly mediaDir: string;
}

/** What this program exists for, in one place: `app.engine`. */
export class Engine {
  readonly database: Database;
  /** The lanes' own connections: what others wait for must not hold up a send. */
  private readonly lanesDatabase: Database;
  readonly push: Publisher;
  readonly members = new MemberCache();
  readonly writer: Writer;
  readonly reads: Reads;
  readonly acks: Acks;
  readonly notices: Broadcasts;
  readonly files: MediaFiles;
  readonly purge: Purge;

  constructor(options: EngineOptions, namespace: ImNamespace) {
    const { lanes, queueMax, singlePolicy } = options;
    this.database = new Database(options.database);
    this.lanesDatabase = new Database({ ...options.database, connections: lanes });
    this.push = new Publisher(namespace);
    const publish = (publications: Publication[]) => this.push.publish(publications);
    const friendsOnly = singlePolicy === 'friends';
    this.writer = new Writer(this.lanesDatabase, this.members, { lanes, queueMax, friendsOnly, publish });
    this.reads = new Reads(this.database, publish, queueMax);
    this.acks = new Acks(this.database, publish, queueMax);
    this.notices = new Broadcasts(this.database, namespace, publish);
    this.files = new MediaFiles(options.mediaDir);
    this.purge = new Purge(new Database({ ...options.database, connections: 1 }), this.files, options);
  }

  /** Finishes what was taken in, then lets go of the database. */
  async close(): Promise<void> {
    const parts = [this.writer, this.reads, this.acks, this.notices];
    await Promise.all([...parts.map(each => each.drain()), this.purge.stop()]);
    await Promise.all([this.database.close(), this.lanesDatabase.close()]);
  }
}
