/** Small texts that outlive the program: where the tokens are kept. What it answers may be a promise. */
export interface KeyValues {
  /** What was stored; nothing where nothing was. */
  get(key: string): string | null | undefined | Promise<string | null | undefined>;
  /** Stores it, in place of what was. */
  set(key: string, value: string): void | Promise<void>;
  /** Removes it, if it is there. */
  remove(key: string): void | Promise<void>;
}

export class MemoryKeyValues implements KeyValues {
  readonly #values = new Map<string, string>();

  get(key: string): string | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: string): void {
    this.#values.set(key, value);
  }

  remove(key: string): void {
    this.#values.delete(key);
  }
}

/** The browser's localStorage; memory where there is none, or where it is forbidden. */
export function defaultKeyValues(): KeyValues {
  try {
    const storage = globalThis.localStorage as Storage | undefined;
    // Node.js may have one that throws as it is used.
    if (!storage || typeof document === 'undefined') return new MemoryKeyValues();
    storage.getItem('');
    return {
      get: key => storage.getItem(key),
      set: (key, value) => storage.setItem(key, value),
      remove: key => storage.removeItem(key),
    };
  } catch {
    return new MemoryKeyValues();
  }
}
