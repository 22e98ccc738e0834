import { openDB, type IDBPDatabase, type IDBPTransaction } from 'idb';
import type { Key, OpenStore, Range, Reading, Store, TableName, Writing } from './store.js';
import { TABLES, type Tables } from './tables.js';

const VERSION = 1;

/** In the order of IndexedDB an array is behind all numbers and strings. */
const END: [] = [];

function boundsOf({ prefix, after, before }: Range): IDBKeyRange | null {
  if (!prefix && !after && !before) return null;
  const lower = after ?? prefix ?? [];
  const upper = before ?? [...(prefix ?? []), END];
  // An upper bound that is not above the lower one is no range for IndexedDB, and holds nothing.
  return IDBKeyRange.bound([...lower], [...upper], after !== undefined, true);
}

const isEmpty = ({ after, before }: Range): boolean =>
  after !== undefined && before !== undefined && indexedDB.cmp([...after], [...before]) >= 0;

class IndexedDbStore implements Store {
  constructor(private readonly db: IDBPDatabase) {}

  async read<T>(work: (t: Reading) => Promise<T>): Promise<T> {
    const transaction = this.db.transaction(TABLES, 'readonly');
    return work(readingOf(transaction));
  }

  async write<T>(work: (t: Writing) => Promise<T>): Promise<T> {
    const transaction = this.db.transaction(TABLES, 'readwrite', { durability: 'relaxed' });
    const done = transaction.done;
    // Told by `work` already when it is what has failed.
    done.catch(() => undefined);
    try {
      const result = await work(writingOf(transaction));
      await done;
      return result;
    } catch (error) {
      abort(transaction);
      throw error;
    }
  }

  close(): void {
    this.db.close();
  }
}

function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    // It has ended by itself.
  }
}

type Mode = 'readonly' | 'readwrite';

function readingOf<M extends Mode>(transaction: IDBPTransaction<unknown, typeof TABLES, M>): Reading {
  return {
    get: async <T extends TableName>(table: T, key: Key) =>
      (await transaction.objectStore(table).get([...key])) as Tables[T] | undefined,
    list: async <T extends TableName>(table: T, range: Range = {}) => {
      if (isEmpty(range)) return [];
      const { limit, reverse } = range;
      const store = transaction.objectStore(table);
      if (!reverse) return (await store.getAll(boundsOf(range), limit)) as Tables[T][];
      const rows: Tables[T][] = [];
      for (let at = await store.openCursor(boundsOf(range), 'prev'); at; at = await at.continue()) {
        rows.push(at.value as Tables[T]);
        if (rows.length === limit) break;
      }
      return rows;
    },
  };
}

function writingOf(transaction: IDBPTransaction<unknown, typeof TABLES, 'readwrite'>): Writing {
  return {
    ...readingOf(transaction),
    put: async (table, key, row) => {
      await transaction.objectStore(table).put(row, [...key]);
    },
    remove: (table, key) => transaction.objectStore(table).delete([...key]),
    clear: (table, prefix = []) =>
      prefix.length === 0
        ? transaction.objectStore(table).clear()
        : transaction.objectStore(table).delete(boundsOf({ prefix })!),
  };
}

/** Opens a database of the browser, which all its tabs share. */
export const openIndexedDb: OpenStore = async name => {
  const db = await openDB(name, VERSION, {
    upgrade: database => {
      for (const table of TABLES) database.createObjectStore(table);
    },
    // A newer page of the product wants to change the tables: this one has to let go, and asks to be loaded anew.
    blocking: (_current, _wanted, event) => (event.target as IDBDatabase).close(),
  });
  return new IndexedDbStore(db);
};
