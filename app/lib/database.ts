import { createPool, escape, type Connection, type PoolConnection, type RowDataPacket } from 'mysql2';
import { AppError } from './errors';

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
const TRIES = 6;
/** Deadlock and lock wait; a duplicate key is a race for the same clientMsgId, which a second look resolves. */
const TRY_AGAIN = new Set([1213, 1205, 1062]);

const session = `SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; SET SESSION time_zone = '+00:00', innodb_lock_wait_timeout = 3`;

/** A connection in a transaction. `query` takes several statements at once and answers with one result for each. */
export class Transaction {
  constructor(private readonly connection: Connection) {}

  /** Results in the order of the statements: rows of a SELECT, a header for anything else. */
  async query(statements: readonly string[]): Promise<Row[][]> {
    if (statements.length === 0) return [];
    const results = await send(this.connection, statements.join(';'));
    return (statements.length === 1 ? [results] : results) as Row[][];
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
    });
    // Queued by the driver before the first statement of whoever asked for the connection.
    this.pool.on('connection', connection => connection.query(session, () => undefined));
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
   * Runs `work` in a transaction and commits. `work` may run several times: a deadlock, a lock wait or a duplicate key
   * rolls everything back and begins again. Throws UNAVAILABLE when the server is not to be had; whether the commit
   * took place is then unknown.
   */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const connection = await this.connect();
      try {
        const result = await work(new Transaction(connection));
        connection.release();
        return result;
      } catch (error) {
        await rollback(connection);
        if (attempt === TRIES || !TRY_AGAIN.has(errno(error))) throw error;
        await new Promise(resolve => setTimeout(resolve, Math.random() * 10 * attempt));
      }
    }
  }

  close(): Promise<void> {
    return new Promise(resolve => this.pool.end(() => resolve()));
  }

  private connect(): Promise<PoolConnection> {
    return new Promise((resolve, reject) => {
      this.pool.getConnection((error, connection) => (error ? reject(translate(error)) : resolve(connection)));
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
const OUTAGE = new Set([1021, 1040, 1053, 1114, 1203, 1290, 1792, 1836, 1927, 3100]);

function translate(error: NodeJS.ErrnoException & { fatal?: boolean }): Error {
  const outage = isLost(error) || error.errno === undefined || OUTAGE.has(error.errno) || error.errno < 0;
  return outage ? Object.assign(new AppError('UNAVAILABLE'), { cause: error }) : error;
}

function errno(error: unknown): number {
  return error instanceof Error && 'errno' in error ? Number(error.errno) : 0;
}

/** A value as an SQL literal. */
export function literal(value: string | number | Date | null): string {
  return typeof value === 'number' ? String(value) : escape(value, false, 'Z');
}

/** Slices, so that no statement grows past max_allowed_packet. */
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

/** Gives the statements of a connection of Sequelize, which has no setting for it, the same time-out. */
export function limitStatements(connection: unknown): void {
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
}
