/** How much may be held back, in characters. */
export interface HeldBounds {
  /** For one connection. */
  readonly connection: number;
  /** For all of this worker. */
  readonly all: number;
}

/** A connection that has held something for so long does not read, or hardly. */
const STALLED_MS = 2000;

/** Characters that all connections of this worker have been given and have not sent. */
let heldByAll = 0;

/** What a connection has been given and has not sent, with what the transport has of it. */
export class Held {
  /** Characters given in all, and of these those sent. */
  given = 0;
  gone = 0;
  private since = 0;
  private waiting: { readonly until: number; readonly resolve: () => void }[] = [];

  get length(): number {
    return this.given - this.gone;
  }

  isTooMuch({ connection, all }: HeldBounds): boolean {
    return this.length > connection || (heldByAll > all && this.isStalled);
  }

  private get isStalled(): boolean {
    return this.length > 0 && performance.now() - this.since > STALLED_MS;
  }

  give(length: number): void {
    if (this.length === 0) this.since = performance.now();
    this.given += length;
    heldByAll += length;
  }

  /** Of what was given, so many characters are sent, or more if that was said before. */
  send(given: number): void {
    const until = Math.max(given, this.gone);
    heldByAll -= until - this.gone;
    this.gone = until;
    this.since = performance.now();
    for (const { resolve } of this.waiting.filter(each => each.until <= until)) resolve();
    this.waiting = this.waiting.filter(each => each.until > until);
  }

  /** Resolves when all that has been given by now is sent. */
  sent(): Promise<void> {
    if (this.length === 0) return Promise.resolve();
    return new Promise(resolve => this.waiting.push({ until: this.given, resolve }));
  }
}
