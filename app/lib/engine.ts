import type { Sequelize } from 'sequelize';
import { Database, type DatabaseOptions } from './database/pool';
import { literal, select, SELECT_NOW } from './database/statement';
import { beginWith, type SequelizeSession } from './database/sequelize';
import { MediaFiles } from './media/files';
import { Inspector } from './media/inspect/inspector';
import type { StorageOptions } from './media/storage/storage';
import { ResumableUploads, type ResumableOptions } from './media/resumable/uploads';
import { ConversationLocks } from './message/conversation_locks';
import { MemberCache } from './message/members';
import { Accounts } from './auth/accounts';
import { Passwords } from './auth/passwords';
import { Sessions } from './auth/sessions';
import { JobQueue } from './queue/job_queue';
import { Pages } from './queue/pages';
import { Changes } from './writer/changes';
import { Writer } from './writer/writer';
import { Acks } from './receipt/acks';
import { Reads } from './receipt/reads';
import { Purge, type PurgeOptions } from './retention/purge';
import { CardVersions } from './delivery/card_versions';
import { Broadcasts } from './delivery/broadcasts';
import { Heads } from './delivery/heads';
import { Searches } from './search/searches';
import type { Bus } from './stream/bus';
import { Publisher } from './stream/publisher';
import type { ImNamespace } from './stream/socket';
import { unitsOver, type RunUnit, type UnitOfWork } from './unit_of_work';

export interface EngineOptions extends PurgeOptions, ResumableOptions {
  readonly database: DatabaseOptions;
  readonly commitQueues: number;
  /** Items that may wait in a queue, and those of one user among them. */
  readonly queueMax: number;
  readonly queueShare: number;
  readonly singlePolicy: 'anyone' | 'friends';
  /** Messages to somebody who is no friend and has not answered; 0: any number. */
  readonly unanswered: number;
  readonly mediaPixels: number;
  readonly storage: StorageOptions;
}

/** Connections on which searches run. */
const SEARCH = 2;
/** Connections on which people log in, and show who they are. */
const AUTH = 2;
/**
 * The part of the connections that calls which change something may take, and as many the changes of conversations: who reads does
 * not wait for them. They are apart, because a call may wait for a change of a conversation.
 */
const CHANGING = 3 / 8;
/** Changes of one conversation that may wait. */
const CHANGES = 1000;
/** Calls that may wait, and of these those of one user. */
const CALLS = { limit: 5000, share: 1000 };

/** A unit of work in which models take part. */
export type ModelUnit = UnitOfWork<SequelizeSession>;

/** What this program exists for, in one place: `app.engine`. */
export class Engine {
  readonly database: Database;
  /** The writer's own connections: what others wait for must not hold up a send. */
  private readonly writerDatabase: Database;
  private readonly searchDatabase: Database;
  private readonly authDatabase: Database;
  readonly publisher: Publisher;
  readonly members = new MemberCache();
  readonly cards: CardVersions;
  readonly writer: Writer;
  readonly reads: Reads;
  readonly acks: Acks;
  readonly searches: Searches;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly passwords = new Passwords();
  readonly pages = new Pages();
  /** Calls that read, and calls that change something: one user's do not take all connections. */
  readonly lookups: JobQueue;
  readonly changes: JobQueue;
  readonly conversationChanges: Changes<SequelizeSession>;
  readonly broadcasts: Broadcasts;
  readonly heads: Heads;
  readonly files: MediaFiles;
  readonly inspector: Inspector;
  readonly uploads: ResumableUploads;
  readonly purge: Purge;
  /** Runs a use case in one transaction of Sequelize's, with entries and messages. */
  readonly transact: RunUnit<SequelizeSession>;

  constructor(options: EngineOptions, namespace: ImNamespace, sequelize: Sequelize, bus: Bus) {
    const { commitQueues: queues, singlePolicy, unanswered } = options;
    const bounds = { limit: options.queueMax, share: options.queueShare };
    this.database = new Database(options.database);
    this.writerDatabase = new Database({ ...options.database, connections: queues });
    this.searchDatabase = new Database({ ...options.database, connections: SEARCH });
    this.authDatabase = new Database({ ...options.database, connections: AUTH });
    this.publisher = new Publisher(namespace, bus);
    const publish = this.publisher.publish.bind(this.publisher);
    const locks = new ConversationLocks();
    const run = unitsOver(this.database.begin, this.members, publish, locks);
    const runWriter = unitsOver(this.writerDatabase.begin, this.members, publish, locks);
    this.transact = unitsOver(beginWith(sequelize), this.members, publish, locks);
    this.cards = new CardVersions(namespace);
    this.writer = new Writer(runWriter, this.members, this.cards, {
      queues,
      bounds,
      rules: { friendsOnly: singlePolicy === 'friends', unanswered },
    });
    this.reads = new Reads(run, bounds);
    this.acks = new Acks(this.database, run, bounds);
    this.searches = new Searches(this.searchDatabase, SEARCH);
    this.accounts = new Accounts(this.authDatabase);
    this.sessions = new Sessions(this.authDatabase, options.refreshTtl);
    const { connections } = options.database;
    this.lookups = new JobQueue({ ...CALLS, atOnce: 2 * connections, ofOwner: 4 });
    const atOnce = Math.max(1, Math.floor(connections * CHANGING));
    this.changes = new JobQueue({ ...CALLS, atOnce, ofOwner: 1 });
    const waiting = { limit: CHANGES, share: CHANGES };
    const jobs = new JobQueue({ ...CALLS, atOnce });
    this.conversationChanges = new Changes(this.transact, run, jobs, this.members, waiting);
    this.broadcasts = new Broadcasts(this.database, run, namespace);
    this.heads = new Heads(this.database, this.broadcasts, bounds);
    this.files = new MediaFiles(options.mediaDir, options.storage);
    this.inspector = new Inspector({ pixels: options.mediaPixels });
    this.uploads = new ResumableUploads(options, async (userId, id) => {
      // Index: media PRIMARY.
      const where = `WHERE id = ${literal(id)} AND user_id = ${literal(userId)}`;
      return (await this.database.select(select('media', ['size'], where))).at(0)?.size;
    });
    this.purge = new Purge(new Database({ ...options.database, connections: 1 }), this.files, options);
  }

  /** Resolves when the database answers. Throws UNAVAILABLE. */
  async ping(): Promise<void> {
    await this.database.select(SELECT_NOW);
  }

  /** Takes nothing more in, and resolves when what was taken in is settled. */
  async drain(): Promise<void> {
    await Promise.all(
      [this.writer, this.reads, this.acks, this.conversationChanges, this.broadcasts].map(each => each.drain()),
    );
  }

  /** Finishes what was taken in, then lets go of the database. */
  async close(): Promise<void> {
    this.pages.stop();
    this.inspector.stop();
    await Promise.all([this.drain(), this.purge.stop()]);
    const { database, writerDatabase, searchDatabase, authDatabase } = this;
    await Promise.all([database, writerDatabase, searchDatabase, authDatabase].map(each => each.close()));
  }
}
