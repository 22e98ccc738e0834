import type { Connection } from 'mysql2';
import { literal, QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { SESSION_LIMITS, STATEMENT_TIMEOUT_MS } from './connection';
import { isLost } from './outage';
import type { Database } from './pool';
import type { Commit, Query, Read, Session } from './session';
import type { Results, Select } from './statement';

/** The database's clock, for a condition. */
export const NOW = literal('UTC_TIMESTAMP(3)');
export const daysAgo = (days: number) => literal(`UTC_TIMESTAMP(3) - INTERVAL ${days} DAY`);

/** A transaction of Sequelize's, which takes one statement at a time and is committed when the work in it is done. */
export class SequelizeSession implements Session {
  constructor(
    private readonly sequelize: Sequelize,
    readonly transaction: Transaction,
  ) {}

  readonly query: Query = async <const S extends readonly string[]>(statements: S, before: readonly string[] = []) => {
    const results: unknown[] = [];
    for (const statement of [...before, ...statements]) {
      const [result] = await this.sequelize.query(statement, { transaction: this.transaction });
      results.push(result);
    }
    return results.slice(before.length) as Results<S>;
  };

  readonly commit: Commit = <const S extends readonly string[]>(
    statements: readonly string[],
    selects = [] as readonly string[] as S,
  ) => this.query(selects, statements);
}

/** `Begin` over Sequelize. */
export function beginWith(sequelize: Sequelize) {
  return <T>(work: (session: SequelizeSession) => Promise<T>): Promise<T> =>
    sequelize.transaction(transaction => work(new SequelizeSession(sequelize, transaction)));
}

/** Hand-written SELECTs over Sequelize's connections, in a transaction where one is given. */
export function readWith(sequelize: Sequelize, transaction?: Transaction): Read {
  return async <Row>(statement: Select<Row>) =>
    (await sequelize.query(statement, { type: QueryTypes.SELECT, transaction })) as Row[];
}

/**
 * The same over the engine's own connections, which take less for a statement than Sequelize's, unless it belongs to a transaction
 * of Sequelize's.
 */
export function readOver(database: Database, sequelize: Sequelize, transaction?: Transaction): Read {
  return transaction ? readWith(sequelize, transaction) : statement => database.select(statement);
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
    driver.query(SESSION_LIMITS, (error: Error | null) => (error ? reject(error) : resolve(null)));
  });
}
