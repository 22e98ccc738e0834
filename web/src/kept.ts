/** What a browser keeps. */
type Keeper = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Until the page is left, where the browser keeps nothing: in frames that may not, and with cookies forbidden. */
class Memory implements Keeper {
  readonly #values = new Map<string, string>();

  getItem(key: string): string | null {
    return this.#values.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#values.set(key, value);
  }

  removeItem(key: string): void {
    this.#values.delete(key);
  }
}

function keeperOf(browsers: () => Storage): Keeper {
  try {
    return browsers();
  } catch {
    return new Memory();
  }
}

/** For all tabs, and the next time. */
export const kept = keeperOf(() => localStorage);
/** For this tab. */
export const keptOfTab = keeperOf(() => sessionStorage);
