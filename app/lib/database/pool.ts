import { createPool, type Connection, type PoolConnection } from 'mysql2';
import { AppError } from '../../schema/errors';
import { ConnectionSession, queryOver, selectOver, send, SESSION_LIMITS, STATEMENT_TIMEOUT_MS } from './connection';
import { translate } from './outage';
import type { Query } from './session';
import { literal, sql, type Select } from './statement';

export interface DatabaseOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly name: string;
  readonly connections: number;
}

/** Statements that may wait for a connection. */
const QUEUE = 1000;
/** The server closes a connection that nobody has used for so many seconds. */
const IDLE_SECONDS = 120;
/** One that nobody has used for so many milliseconds may be closed by the time a statement gets there. */
const STALE_MS = (IDLE_SECONDS * 1000) / 2;

/** A host that has gone without a word would otherwise keep its locks for hours. */
const SETUP = `SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;
  ${SESSION_LIMITS}, time_zone = '+00:00', wait_timeout = ${IDLE_SECONDS}`;

/**
 * The pool of the writer and the stream: hand-written SQL, several statements in one round trip. Everything else goes
 * through Sequelize, whose connections take one statement at a time.
 */
export class Database {
  private readonly pool;
  /** When each connection that is free was released, by `Date.now()`. */
  private readonly released = new WeakMap<Connection, number>();

  constructor(options: DatabaseOptions) {
    this.pool = createPool({
      host: options.host,
      port: options.port,
      user: options.user,
      password: options.password,
      database: options.name,
      connectionLimit: options.connections,
      connectTimeout: STATEMENT_TIMEOUT_MS,
      charset: 'utf8mb4',
      timezone: 'Z',
      multipleStatements: true,
      // Statements hold their values already: none is searched for places to put some in.
      queryFormat: (statement: string) => statement,
      enableKeepAlive: true,
      queueLimit: QUEUE,
      // None is prepared, and the driver makes room for 16,000 with each connection.
      maxPreparedStatements: 1,
    });
    // The driver's own way, `maxIdle`, closes all that are free beyond it once a second, whatever `idleTimeout` says.
    this.pool.on('release', connection => this.released.set(connection, Date.now()));
    // Queued by the driver before the first statement of whoever asked for the connection.
    this.pool.on('connection', connection => {
      connection.query({ sql: SETUP, timeout: STATEMENT_TIMEOUT_MS }, error => error && connection.destroy());
    });
  }

  /** Runs one SELECT outside a transaction. Throws UNAVAILABLE. */
  async select<Row>(statement: Select<Row>): Promise<Row[]> {
    const connection = await this.connect();
    try {
      return await selectOver(connection, statement);
    } finally {
      connection.release();
    }
  }

  /** Runs SELECTs outside a transaction, in one round trip. Throws UNAVAILABLE. */
  readonly query: Query = async (statements, before) => {
    const connection = await this.connect();
    try {
      return await queryOver(connection)(statements, before);
    } finally {
      connection.release();
    }
  };

  /** `Begin` over a connection of this pool. Throws UNAVAILABLE; whether a commit took place is then unknown. */
  readonly begin = async <T>(work: (session: ConnectionSession) => Promise<T>): Promise<T> => {
    const connection = await this.connect();
    try {
      const result = await work(new ConnectionSession(connection));
      connection.release();
      return result;
    } catch (error) {
      await rollback(connection);
      throw error;
    }
  };

  /**
   * Runs `work` on a connection that holds the lock of that name, of which a server has one for each database. Returns undefined
   * when another connection has it. The lock ends with the connection, whatever ends that.
   */
  async exclusively<T>(name: string, work: (query: Query) => Promise<T>): Promise<T | undefined> {
    const connection = await this.connect();
    const query = queryOver(connection);
    // Names of locks are short, and shared by all databases of a server. MySQL has no MD5 any more.
    const lock = `CONCAT(${literal(name)}, ':', LEFT(SHA2(DATABASE(), 256), 32))`;
    try {
      const [[{ got }]] = await query([sql<{ got: number }>(`SELECT GET_LOCK(${lock}, 0) AS got`)]);
      const result = got === 1 ? await work(query) : undefined;
      await query([`DO RELEASE_LOCK(${lock})`]);
      connection.release();
      return result;
    } catch (error) {
      connection.destroy();
      throw error;
    }
  }

  close(): Promise<void> {
    return new Promise(resolve => this.pool.end(() => resolve()));
  }

  private connect(): Promise<PoolConnection> {
    return new Promise((resolve, reject) => {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        reject(new AppError('UNAVAILABLE'));
      }, STATEMENT_TIMEOUT_MS);
      const take = () =>
        this.pool.getConnection((error, connection) => {
          if (!error && this.isStale(connection)) {
            connection.destroy();
            return take();
          }
          clearTimeout(timer);
          if (error) return reject(translate(error));
          if (late) connection.release();
          else resolve(connection);
        });
      take();
    });
  }

  private isStale(connection: PoolConnection): boolean {
    return Date.now() - (this.released.get(connection) ?? Infinity) > STALE_MS;
  }
}

async function rollback(connection: PoolConnection): Promise<void> {
  try {
    await send(connection, 'ROLLBACK');
    connection.release();
  } catch {
    connection.destroy();
  }
}
