/** What AbortSignal says, for runtimes that have none. */
export interface CancelSignal {
  /** It was asked to end. */
  readonly aborted: boolean;
  /** Calls `listener` when it is asked to end. */
  addEventListener(event: 'abort', listener: () => void): void;
  /** Calls it no more. */
  removeEventListener(event: 'abort', listener: () => void): void;
}

/** Ends something that is under way. */
export class Cancel implements CancelSignal {
  readonly #listeners = new Set<() => void>();
  aborted = false;

  /** Asks it to end. */
  abort(): void {
    this.aborted = true;
    for (const listener of [...this.#listeners]) listener();
  }

  addEventListener(_event: 'abort', listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_event: 'abort', listener: () => void): void {
    this.#listeners.delete(listener);
  }
}
