import { asImError } from '../error.js';
import type { Entry, Head, PulledEntries } from '../protocol.js';
import type { Place } from '../store/tables.js';
import { sleep } from '../time.js';
import { Order } from './order.js';

/** What the stream is followed with. */
export interface Follower {
  /** How far the store is; undefined as long as nothing is loaded. */
  place(): Promise<Place | undefined>;
  /**
   * Stores what the entries change together with the place after them, and passes over those that the store has already. Resolves with
   * the place then.
   */
  apply(entries: readonly Entry[]): Promise<number>;
  /** Loads everything anew, in place of what is held, as of a stream that stands there. */
  reload(stream: Place): Promise<void>;
  pull(after: number): Promise<PulledEntries>;
  /** Resolves with whether the place is past the end of the stream. */
  ack(syncSeq: number): Promise<boolean>;
  isOnline(): boolean;
  /** Everything up to the head that was told is applied, or is not any more. */
  level(isLevel: boolean): void;
  log(event: string, about: unknown): void;
}

/** How long a pushed entry that came too early waits for the one before it. */
const REORDER_MS = 200;
const ACK_MS = 1000;
const AGAIN_MS = 1000;
/** Entries of one transaction: each one ends before a user feels it. */
const AT_ONCE = 200;

/** Follows the stream of the user: pushed, pulled where something is missing, and acknowledged when it is stored. */
export class Stream {
  readonly #order = new Order<Entry>(0);
  #epoch: string | undefined;
  #isLoaded = false;
  #work: Promise<void> = Promise.resolve();
  #isPulling = false;
  #acked = 0;
  #ackTimer: ReturnType<typeof setTimeout> | undefined;
  #isEnded = false;

  constructor(private readonly follower: Follower) {}

  /** Takes the place of the store: at the start, and before every connection. Resolves with it. */
  async begin(): Promise<number | undefined> {
    await this.#enqueue(async () => {
      const place = await this.follower.place();
      this.#isLoaded = place !== undefined;
      this.#epoch = place?.epoch;
      if (place) this.#order.advance(Math.max(place.last, this.#order.last));
    });
    return this.#isLoaded ? this.#order.last : undefined;
  }

  /** Entries that were pushed. */
  pushed(entries: readonly Entry[]): void {
    this.#order.add(entries);
    void this.#enqueue(() => this.#applyNext());
    if (this.#order.hasGap) void sleep(REORDER_MS).then(() => this.#order.hasGap && this.#pullSoon());
  }

  /** Where the stream is said to stand. */
  told({ head, epoch }: Head): void {
    if (!this.#isLoaded || epoch !== this.#epoch) void this.#again(() => this.#reload({ last: head, epoch }));
    else if (head !== this.#order.last) this.#pullSoon();
    else this.follower.level(true);
  }

  end(): void {
    this.#isEnded = true;
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
  }

  #pullSoon(): void {
    if (this.#isPulling) return;
    this.#isPulling = true;
    void this.#again(async () => {
      this.#isPulling = false;
      await this.#pull();
    });
  }

  async #pull(): Promise<void> {
    if (!this.#isLoaded) return;
    for (let more = true; more;) {
      this.follower.level(false);
      const page = await this.follower.pull(this.#order.last);
      if (page.resync || page.epoch !== this.#epoch) return this.#reload({ last: page.head, epoch: page.epoch });
      this.#order.add(page.entries);
      await this.#applyNext();
      more = page.hasMore;
    }
    this.follower.level(true);
  }

  async #applyNext(): Promise<void> {
    if (!this.#isLoaded) return;
    for (let entries; (entries = this.#order.next(AT_ONCE)).length > 0;) {
      this.#order.advance(await this.follower.apply(entries));
      this.#ackSoon();
    }
  }

  async #reload(place: Place): Promise<void> {
    this.follower.level(false);
    this.#isLoaded = false;
    await this.follower.reload(place);
    this.#order.clear();
    this.#order.last = place.last;
    this.#epoch = place.epoch;
    this.#isLoaded = true;
    this.#acked = 0;
    this.#ackSoon();
    // What has come meanwhile.
    await this.#pull();
  }

  /** One thing after the other: what is pushed while a page is under way waits for it. */
  #enqueue(step: () => Promise<void>): Promise<void> {
    const done = this.#work.then(() => (this.#isEnded ? undefined : step()));
    this.#work = done.catch((error: unknown) => this.follower.log('stream', asImError(error)));
    return this.#work;
  }

  /** Tries until it is done, or there is no connection any more: the next one begins with `sync:head`. */
  #again(step: () => Promise<void>): Promise<void> {
    return this.#enqueue(async () => {
      while (!this.#isEnded && this.follower.isOnline()) {
        try {
          return await step();
        } catch (thrown) {
          const error = asImError(thrown);
          this.follower.log('stream', error);
          await sleep(error.retryAfterMs ?? AGAIN_MS);
        }
      }
    });
  }

  #ackSoon(): void {
    this.#ackTimer ??= setTimeout(() => {
      this.#ackTimer = undefined;
      const syncSeq = this.#order.last;
      if (syncSeq <= this.#acked || !this.follower.isOnline() || this.#isEnded) return;
      this.follower.ack(syncSeq).then(
        isPast => {
          this.#acked = syncSeq;
          if (isPast) this.#pullSoon();
        },
        // The next entry, or the next connection, tries again.
        (error: unknown) => this.follower.log('ack', error),
      );
    }, ACK_MS);
  }
}
