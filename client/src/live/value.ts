/** Something to be looked at now and whenever it changes. */
export interface Live<T> {
  /** As it is now. */
  readonly value: T;
  /** Calls `listener` with the value now and after every change; what it returns ends that. */
  subscribe(listener: (value: T) => void): () => void;
}

/** A value that tells who has subscribed. */
export class Value<T> implements Live<T> {
  readonly #listeners = new Set<(value: T) => void>();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (value === this.#value) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener(value);
  }

  subscribe(listener: (value: T) => void): () => void {
    // One of its own for each subscription, as the same function may be given twice.
    const own = (value: T) => listener(value);
    this.#listeners.add(own);
    listener(this.#value);
    return () => void this.#listeners.delete(own);
  }

  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }
}

/** Resolves once `test` holds for a value. */
export function until<T>(live: Live<T>, test: (value: T) => boolean): Promise<T> {
  return new Promise(resolve => {
    const stop = { now: (): void => undefined, done: false };
    stop.now = live.subscribe(value => {
      if (stop.done || !test(value)) return;
      stop.done = true;
      resolve(value);
      stop.now();
    });
    if (stop.done) stop.now();
  });
}
