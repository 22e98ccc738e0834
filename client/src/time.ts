/** Resolves after so many milliseconds, or as soon as `wake` is called. */
export class Pause {
  #wake: (() => void) | undefined;

  sleep(ms: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  wake(): void {
    this.#wake?.();
  }
}

export const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

/** Between half of `ms` and all of it, so that many who have lost the same thing do not come back at once. */
export const jittered = (ms: number): number => ms * (0.5 + Math.random() / 2);
