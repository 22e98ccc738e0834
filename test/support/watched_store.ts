import { MemoryStore, openIndexedDb, type Reading, type Store, type Writing } from 'egg-im-client';
import { randomUUID } from 'node:crypto';

type Watchers = Set<() => void>;

/** A store that tells of every change, to those who wait for one. */
export class WatchedStore implements Store {
  constructor(
    private readonly store: Store,
    private readonly watchers: Watchers,
  ) {}

  read<T>(work: (t: Reading) => Promise<T>): Promise<T> {
    return this.store.read(work);
  }

  async write<T>(work: (t: Writing) => Promise<T>): Promise<T> {
    try {
      return await this.store.write(work);
    } finally {
      for (const watcher of [...this.watchers]) watcher();
    }
  }

  async close(): Promise<void> {
    await this.store.close();
  }

  /** Resolves as soon as `look` finds nothing that is missing; rejects with that after too long. */
  async until(look: (t: Reading) => Promise<string | undefined>, patienceMs: number): Promise<void> {
    let missing = await this.read(look);
    const end = Date.now() + patienceMs;
    while (missing !== undefined) {
      const left = end - Date.now();
      if (left <= 0) throw new Error(`waited in vain for ${missing}`);
      await new Promise<void>(resolve => {
        const again = () => {
          this.watchers.delete(again);
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(again, left);
        this.watchers.add(again);
      });
      missing = await this.read(look);
    }
  }
}

/** Opens one and the same store, as often as it is called: in memory, or by a connection of its own to a database. */
export function storeIn(kind: 'memory' | 'IndexedDB'): () => Promise<WatchedStore> {
  const watchers: Watchers = new Set();
  const [memory, name] = [new MemoryStore(), randomUUID()];
  return async () => new WatchedStore(kind === 'memory' ? memory : await openIndexedDb(name), watchers);
}
