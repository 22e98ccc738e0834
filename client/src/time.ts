/** Sleeps that all end when `wake` is called. */
export class Pause {
  readonly #sleeping = new Set<() => void>();

  /** Resolves after so many milliseconds, or as soon as `wake` is called. */
  sleep(ms: number): Promise<void> {
    return new Promise(resolve => {
      const end = () => {
        clearTimeout(timer);
        this.#sleeping.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#sleeping.add(end);
    });
  }

  wake(): void {
    for (const end of [...this.#sleeping]) end();
  }
}

export const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

/** Between half of `ms` and all of it, so that many who have lost the same thing do not come back at once. */
export const jittered = (ms: number): number => ms * (0.5 + Math.random() / 2);
