import type { Key, OpenStore, Range, Store, TableName, Writing } from './store.js';
import { TABLES, type Tables } from './tables.js';
import { textOf, textsIn } from './text_key.js';

interface Row {
  readonly key: string;
  readonly value: unknown;
}

/** The first place in `rows` whose key is not before `key`. */
function placeOf(rows: readonly Row[], key: string): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]!.key < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Keeps everything in memory: for tests, for programs that begin anew each time, and where there is no IndexedDB. */
export class MemoryStore implements Store {
  readonly #tables = new Map<TableName, Row[]>(TABLES.map(name => [name, []]));
  #work: Promise<unknown> = Promise.resolve();

  read<T>(work: (t: Writing) => Promise<T>): Promise<T> {
    return this.write(work);
  }

  write<T>(work: (t: Writing) => Promise<T>): Promise<T> {
    const done = this.#work.then(() => this.#transaction(work));
    this.#work = done.catch(() => undefined);
    return done;
  }

  close(): void {
    // Nothing is held open; what is stored stays, so that another client may go on with it.
  }

  async #transaction<T>(work: (t: Writing) => Promise<T>): Promise<T> {
    const undo: (() => void)[] = [];
    try {
      return await work(this.#writing(undo));
    } catch (error) {
      for (const step of undo.reverse()) step();
      throw error;
    }
  }

  #writing(undo: (() => void)[]): Writing {
    const splice = (table: TableName, at: number, count: number, ...rows: Row[]) => {
      const all = this.#tables.get(table)!;
      const removed = all.splice(at, count, ...rows);
      undo.push(() => void all.splice(at, rows.length, ...removed));
    };
    return {
      get: async <T extends TableName>(table: T, key: Key) => {
        const [rows, text] = [this.#tables.get(table)!, textOf(key)];
        const row = rows[placeOf(rows, text)];
        return row?.key === text ? (row.value as Tables[T]) : undefined;
      },
      list: async <T extends TableName>(table: T, range: Range = {}) => {
        const { reverse, limit = Infinity } = range;
        const [from, to] = this.#bounds(table, range);
        const rows = this.#tables.get(table)!;
        const [start, end] = reverse ? [Math.max(from, to - limit), to] : [from, Math.min(to, from + limit)];
        const found = rows.slice(start, end).map(each => each.value as Tables[T]);
        return reverse ? found.reverse() : found;
      },
      put: async (table, key, value) => {
        const [rows, text] = [this.#tables.get(table)!, textOf(key)];
        const at = placeOf(rows, text);
        splice(table, at, rows[at]?.key === text ? 1 : 0, { key: text, value });
      },
      remove: async (table, key) => {
        const [rows, text] = [this.#tables.get(table)!, textOf(key)];
        const at = placeOf(rows, text);
        if (rows[at]?.key === text) splice(table, at, 1);
      },
      clear: async (table, prefix = []) => {
        const [from, to] = this.#bounds(table, { prefix });
        splice(table, from, to - from);
      },
    };
  }

  #bounds(table: TableName, range: Range): [number, number] {
    const rows = this.#tables.get(table)!;
    const [from, to] = textsIn(range);
    return [placeOf(rows, from), placeOf(rows, to)];
  }
}

/** Opens a store of its own for each client. */
export const openMemoryStore: OpenStore = async () => new MemoryStore();
