import type { Changes } from '../store/changes.js';

/** What one tab tells the others that share its store and its session. */
export type Told = { readonly kind: 'session' } | { readonly kind: 'changes'; readonly changes: Changes };

/** The other tabs of the same session, where there may be some. */
export class Tabs {
  readonly #channel: BroadcastChannel | undefined;

  constructor(name: string, isShared: boolean, listen: (told: Told) => void) {
    if (!isShared || typeof BroadcastChannel === 'undefined') return;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = event => listen(event.data as Told);
    // Node.js would not end while it listens.
    (this.#channel as { unref?: () => void }).unref?.();
  }

  tell(told: Told): void {
    this.#channel?.postMessage(told);
  }

  close(): void {
    this.#channel?.close();
  }
}

/** Runs `work` while no other tab runs what has the same name; without locks at once. */
export function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks;
  return locks ? (locks.request(name, work) as Promise<T>) : work();
}
