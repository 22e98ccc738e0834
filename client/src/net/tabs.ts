import type { Changes } from '../store/changes.js';

/** What one tab tells the others that share its store and its session. */
export type Told = { readonly kind: 'session' } | { readonly kind: 'changes'; readonly changes: Changes };

/** The other tabs of the same session, where there may be some. */
export class Tabs {
  readonly #channel: BroadcastChannel | undefined;

  constructor(
    private readonly name: string,
    private readonly isShared: boolean,
    listen: (told: Told) => void,
  ) {
    if (!isShared || typeof BroadcastChannel === 'undefined') return;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = event => listen(event.data as Told);
    // Node.js would not end while it listens.
    (this.#channel as { unref?: () => void }).unref?.();
  }

  tell(told: Told): void {
    this.#channel?.postMessage(told);
  }

  /** Runs `work` while no other tab runs what has the same name; at once where there are no locks. */
  alone<T>(what: string, work: () => Promise<T>): Promise<T> {
    const locks = this.isShared ? (globalThis.navigator as Navigator | undefined)?.locks : undefined;
    return locks ? (locks.request(`${this.name}:${what}`, work) as Promise<T>) : work();
  }

  close(): void {
    this.#channel?.close();
  }
}
