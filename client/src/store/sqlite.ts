import type { OpenStore, Range, Store, TableName, Writing } from './store.js';
import type { Tables } from './tables.js';
import { textOf, textsIn } from './text_key.js';

/** A database as libraries of SQLite have it, by whatever names. */
export interface Sqlite {
  /** Runs one statement, with a value for each `?`. Resolves with its rows, if it has some. */
  execute(statement: string, values: (string | number)[]): Promise<readonly unknown[]>;
  /** Lets go of the file. */
  close(): void | Promise<void>;
}

const TABLE =
  'CREATE TABLE IF NOT EXISTS item (kind TEXT, key TEXT, value TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID';
const IN_RANGE = 'kind = ? AND key >= ? AND key < ?';

/**
 * Keeps everything in a database of SQLite, for applications. `open` is given the name of its file, and has to open the same one each
 * time. Rows are JSON: what is attached to a message has to be named by its path, for an `uploader` that reads it, and not by a Blob.
 */
export const sqlite =
  (open: (file: string) => Promise<Sqlite>): OpenStore =>
  async name => {
    const database = await open(`${name.replace(/[^\w-]+/g, '_')}.db`);
    await database.execute(TABLE, []);
    return new SqliteStore(database);
  };

class SqliteStore implements Store {
  #work: Promise<unknown> = Promise.resolve();

  constructor(private readonly database: Sqlite) {}

  read<T>(work: (t: Writing) => Promise<T>): Promise<T> {
    return this.write(work);
  }

  write<T>(work: (t: Writing) => Promise<T>): Promise<T> {
    const done = this.#work.then(() => this.#transaction(work));
    this.#work = done.catch(() => undefined);
    return done;
  }

  async close(): Promise<void> {
    await this.#work;
    await this.database.close();
  }

  async #transaction<T>(work: (t: Writing) => Promise<T>): Promise<T> {
    await this.database.execute('BEGIN', []);
    try {
      const result = await work(writingOf(this.database));
      await this.database.execute('COMMIT', []);
      return result;
    } catch (error) {
      // What has failed matters more than that this does, too.
      await this.database.execute('ROLLBACK', []).catch(() => undefined);
      throw error;
    }
  }
}

function writingOf(database: Sqlite): Writing {
  const select = async <T extends TableName>(where: string, ...values: (string | number)[]) => {
    const rows = await database.execute(`SELECT value FROM item WHERE ${where}`, values);
    return (rows as { value: string }[]).map(({ value }) => JSON.parse(value) as Tables[T]);
  };
  const run = async (statement: string, ...values: string[]) => {
    await database.execute(statement, values);
  };
  return {
    get: async <T extends TableName>(table: T, key: readonly (string | number)[]) =>
      (await select<T>('kind = ? AND key = ?', table, textOf(key)))[0],
    list: <T extends TableName>(table: T, range: Range = {}) => {
      const order = `ORDER BY key ${range.reverse ? 'DESC' : 'ASC'} LIMIT ?`;
      // -1: all of them.
      return select<T>(`${IN_RANGE} ${order}`, table, ...textsIn(range), range.limit ?? -1);
    },
    put: (table, key, row) =>
      run('INSERT OR REPLACE INTO item (kind, key, value) VALUES (?, ?, ?)', table, textOf(key), JSON.stringify(row)),
    remove: (table, key) => run('DELETE FROM item WHERE kind = ? AND key = ?', table, textOf(key)),
    clear: (table, prefix = []) => run(`DELETE FROM item WHERE ${IN_RANGE}`, table, ...textsIn({ prefix })),
  };
}
