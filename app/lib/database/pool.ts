import { createPool, escape, type Connection, type PoolConnection, type RowDataPacket } from 'mysql2';
import { AppError } from '../../schema/errors';

export type Row = Record<string, unknown>;

export interface DatabaseOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly name: string;
  readonly connections: number;
}

/** A statement that takes longer than this is given up with its connection, so that a hung server is answered for in time. */
const STATEMENT_TIMEOUT_MS = 4000;
/** Shorter than the time-out of a statement, so that it is the lock wait that is reported. */
const LOCK_WAIT_S = 3;
/** How long a transaction may go on being rolled back and begun again. */
const TRY_AGAIN_MS = 4000;
/** Deadlock and lock wait; a duplicate key is a race for the same clientMsgId, which a second look resolves. */
const TRY_AGAIN = new Set([1213, 1205, 1062]);
/** Statements that may wait for a connection. */
const QUEUE = 1000;
const IDLE_MS = 30_000;
/** Bytes of SQL sent at once: far below the smallest max_allowed_packet in use, 16 MB. */
const PACKET_BYTES = 4 << 20;

/** Bytes of one GROUP_CONCAT: 100 ids and their commas, where the 1024 of MySQL would cut one in two. */
const CONCAT_BYTES = 4096;

/** The mode is named because the escaping of values is only right without NO_BACKSLASH_ESCAPES, whatever the server is set to. */
const LIMITS = `sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = ${LOCK_WAIT_S}, group_concat_max_len = ${CONCAT_BYTES}`;

/** A host that has gone without a word would otherwise keep its locks for hours; idle connections are closed long before. */
const session = `SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; SET SESSION ${LIMITS}, time_zone = '+00:00', wait_timeout = 120`;

/** A connection in a transaction. `query` takes several statements at once and answers with one result for each. */
export class Transaction {
  constructor(private readonly connection: Connection) {}

  /** Results in the order of the statements: rows of a SELECT, a header for anything else. */
  async query(statements: readonly string[]): Promise<Row[][]> {
    const results: Row[][] = [];
    for (const packet of packetsOf(statements)) {
      const result = await send(this.connection, packet.join(';'));
      results.push(...((packet.length === 1 ? [result] : result) as Row[][]));
    }
    return results;
  }
}

/**
 * The pool of the writer and the stream: hand-written SQL, several statements in one round trip. Everything else goes
 * through Sequelize, whose connections take one statement at a time.
 */
export class Database {
  private readonly pool;

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
      enableKeepAlive: true,
      queueLimit: QUEUE,
      maxIdle: 0,
      idleTimeout: IDLE_MS,
    });
    // Queued by the driver before the first statement of whoever asked for the connection.
    this.pool.on('connection', connection => {
      connection.query({ sql: session, timeout: STATEMENT_TIMEOUT_MS }, error => error && connection.destroy());
    });
  }

  /** Runs one SELECT outside a transaction. */
  async select(statement: string): Promise<Row[]> {
    const connection = await this.connect();
    try {
      return (await send(connection, statement)) as Row[];
    } finally {
      connection.release();
    }
  }

  /**
   * Runs `work` in a transaction, which `work` begins and commits with its first and last statement. It may run several
   * times: a deadlock, a lock wait or a duplicate key rolls everything back and begins again. Throws UNAVAILABLE when the
   * server is not to be had; whether the commit took place is then unknown.
   */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const deadline = Date.now() + TRY_AGAIN_MS;
    for (;;) {
      const connection = await this.connect();
      try {
        const result = await work(new Transaction(connection));
        connection.release();
        return result;
      } catch (error) {
        await rollback(connection);
        if (!isConflict(error)) throw error;
        if (Date.now() > deadline) throw errno(error) === 1062 ? error : unavailable(error);
        await new Promise(resolve => setTimeout(resolve, Math.random() * 20));
      }
    }
  }

  /**
   * Runs `work` on a connection that holds the lock of that name, of which a server has one for each database. Returns undefined
   * when another connection has it. The lock ends with the connection, whatever ends that.
   */
  async exclusively<T>(name: string, work: (session: Transaction) => Promise<T>): Promise<T | undefined> {
    const connection = await this.connect();
    const session = new Transaction(connection);
    // Names of locks are short, and shared by all databases of a server. MySQL has no MD5 any more.
    const lock = `CONCAT(${literal(name)}, ':', LEFT(SHA2(DATABASE(), 256), 32))`;
    try {
      const [[{ got }]] = await session.query([`SELECT GET_LOCK(${lock}, 0) AS got`]);
      const result = got === 1 ? await work(session) : undefined;
      await session.query([`DO RELEASE_LOCK(${lock})`]);
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
      this.pool.getConnection((error, connection) => {
        clearTimeout(timer);
        if (error) return reject(translate(error));
        if (late) connection.release();
        else resolve(connection);
      });
    });
  }
}

function send(connection: Connection, sql: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    connection.query<RowDataPacket[]>({ sql, timeout: STATEMENT_TIMEOUT_MS }, (error, results) => {
      if (!error) return resolve(results);
      // The answer may still come and would then be taken for that of the next statement.
      if (isLost(error)) connection.destroy();
      reject(translate(error));
    });
  });
}

/** The statements in order, as many together as one packet takes. */
function packetsOf(statements: readonly string[]): string[][] {
  const packets: string[][] = [];
  let bytes = Infinity;
  for (const statement of statements) {
    bytes += statement.length;
    if (bytes > PACKET_BYTES) {
      packets.push([]);
      bytes = statement.length;
    }
    packets.at(-1)!.push(statement);
  }
  return packets;
}

async function rollback(connection: PoolConnection): Promise<void> {
  try {
    await send(connection, 'ROLLBACK');
    connection.release();
  } catch {
    connection.destroy();
  }
}

function isLost(error: NodeJS.ErrnoException & { fatal?: boolean }): boolean {
  return error.fatal === true || error.code === 'PROTOCOL_SEQUENCE_TIMEOUT';
}

/** Connection trouble, read-only servers, too many connections and a full disk: worth a retry by the caller, later. */
const OUTAGE = new Set([1021, 1040, 1047, 1053, 1114, 1203, 1290, 1792, 1836, 1927, 3100, 3101]);

function translate(error: NodeJS.ErrnoException & { fatal?: boolean }): Error {
  const outage = isLost(error) || error.errno === undefined || OUTAGE.has(error.errno) || error.errno < 0;
  return outage ? unavailable(error) : error;
}

function unavailable(cause: unknown): AppError {
  return Object.assign(new AppError('UNAVAILABLE'), { cause });
}

function errno(error: unknown): number {
  return error instanceof Error && 'errno' in error ? Number(error.errno) : 0;
}

/** Whether a transaction was rolled back because of others, and may run again. */
export function isConflict(error: unknown): boolean {
  return TRY_AGAIN.has(errno(error));
}

/** A value as an SQL literal. */
export function literal(value: string | number | Date | null): string {
  return typeof value === 'number' ? String(value) : escape(value, false, 'Z');
}

/** Slices of at most `size`. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  const slices: T[][] = [];
  for (let from = 0; from < items.length; from += size) slices.push(items.slice(from, from + size));
  return slices;
}

/** Whether an error of Sequelize, too, means that the server is not to be had. */
export function isOutage(error: unknown): boolean {
  const { name, parent } = error as { name?: string; parent?: NodeJS.ErrnoException };
  return name?.startsWith('SequelizeConnection') === true || (parent !== undefined && translate(parent) !== parent);
}

type Callback = (error: NodeJS.ErrnoException | null, ...results: unknown[]) => void;
type Method = (options: string | { sql: string; timeout?: number }, ...rest: unknown[]) => unknown;

/** Gives a connection of Sequelize, which has no settings for them, the same time-outs and SQL mode. */
export async function limitStatements(connection: unknown): Promise<void> {
  const driver = connection as Record<'query' | 'execute', Method> & Pick<Connection, 'destroy'>;
  for (const name of ['query', 'execute'] as const) {
    const run = driver[name].bind(driver);
    driver[name] = (options, ...rest) => {
      const callback = rest.pop() as Callback;
      const statement = typeof options === 'string' ? { sql: options } : options;
      return run(
        { ...statement, timeout: STATEMENT_TIMEOUT_MS },
        ...rest,
        (...[error, ...results]: Parameters<Callback>) => {
          if (error && isLost(error)) driver.destroy();
          callback(error, ...results);
        },
      );
    };
  }
  await new Promise((resolve, reject) => {
    driver.query(`SET SESSION ${LIMITS}`, (error: Error | null) => (error ? reject(error) : resolve(null)));
  });
}
