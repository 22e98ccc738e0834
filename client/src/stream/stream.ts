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
   * Stores what the entries change together with the place after them, and passes over those that the store has already, as all of
   * them when it holds another history than `epoch`. Resolves with the place then.
   */
  apply(entries: readonly Entry[], epoch: string): Promise<Place | undefined>;
  /** Loads everything anew, in place of what is held, as of a stream that stands there; nothing when another tab just has. */
  reload(stream: Place): Promise<void>;
  pull(after: number): Promise<PulledEntries>;
  /** Resolves with whether the place is past the end of the stream. */
  ack(syncSeq: number): Promise<boolean>;
  isOnline(): boolean;
  /** Everything up to the head that was told is applied, or is not any more. */
  level(isLevel: boolean): void;
  log(event: string, about: unknown): void;
}

/** How long what is missing is waited for, which may be only late. */
const REORDER_MS = 200;
const ACK_MS = 1000;
const AGAIN_MS = 1000;
/** Entries of one transaction: each one ends before a user feels it. */
const AT_ONCE = 200;

/** Follows the stream of the user: pushed, pulled where something is missing, and acknowledged when it is stored. */
export class Stream {
  readonly #order = new Order<Entry>(0);
  #epoch = '';
  #isLoaded = false;
  /** Where the stream was said to stand, since there is this connection. */
  #head: number | undefined;
  #work: Promise<void> = Promise.resolve();
  #isPulling = false;
  #acked = 0;
  #ackTimer: ReturnType<typeof setTimeout> | undefined;
  #isEnded = false;

  constructor(private readonly follower: Follower) {}

  /** To be called before every connection. Resolves with the place of the store. */
  async begin(): Promise<number | undefined> {
    await this.#enqueue(async () => {
      this.#head = undefined;
      await this.#take();
    });
    return this.#isLoaded ? this.#order.last : undefined;
  }

  /** Entries that were pushed. */
  pushed(entries: readonly Entry[]): void {
    this.#order.add(entries);
    void this.#enqueue(() => this.#applyNext());
    this.#pullLater();
  }

  /** Where the stream is said to stand. */
  told(stream: Head): void {
    void this.#again(() => this.#compare(stream));
  }

  end(): void {
    this.#isEnded = true;
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
  }

  async #compare({ head, epoch }: Head): Promise<void> {
    await this.#take();
    if (!this.#isLoaded || epoch !== this.#epoch) return this.#reload({ last: head, epoch });
    this.#head = head;
    // Either a push has come first, or the server was set back: a pull says which.
    if (head < this.#order.last) return this.#pull();
    this.#pullLater();
    this.#look();
  }

  /** Goes on where the store is: another tab may have gone further, or have loaded everything anew. */
  async #take(): Promise<void> {
    const place = await this.follower.place();
    this.#isLoaded = place !== undefined;
    if (!place) return;
    if (place.epoch === this.#epoch) this.#order.advance(place.last);
    else this.#order.restart(place.last);
    this.#epoch = place.epoch;
  }

  get #isBehind(): boolean {
    return this.#order.hasGap || (this.#head ?? 0) > this.#order.last;
  }

  #pullLater(): void {
    if (this.#isBehind) void sleep(REORDER_MS).then(() => this.#isBehind && this.#pullSoon());
  }

  #pullSoon(): void {
    if (this.#isPulling) return;
    this.#isPulling = true;
    void this.#enqueue(async () => {
      this.#isPulling = false;
      await this.#trying(() => this.#pull());
    });
  }

  async #pull(): Promise<void> {
    if (!this.#isLoaded) return;
    this.follower.level(false);
    for (let more = true; more;) {
      const page = await this.follower.pull(this.#order.last);
      if (page.resync || page.epoch !== this.#epoch) return this.#reload({ last: page.head, epoch: page.epoch });
      this.#order.add(page.entries);
      await this.#applyNext();
      this.#head = page.head;
      more = page.hasMore;
    }
    this.#look();
  }

  async #applyNext(): Promise<void> {
    if (!this.#isLoaded) return;
    for (let entries; (entries = this.#order.next(AT_ONCE)).length > 0;) {
      const place = await this.follower.apply(entries, this.#epoch);
      if (place?.epoch !== this.#epoch || place.last < entries.at(-1)!.syncSeq) {
        // Another tab has loaded everything anew.
        this.#pullSoon();
        return this.#take();
      }
      this.#order.advance(place.last);
      this.#ackSoon();
    }
    this.#look();
  }

  async #reload(place: Place): Promise<void> {
    this.follower.level(false);
    this.#isLoaded = false;
    await this.follower.reload(place);
    await this.#take();
    this.#order.restart(this.#order.last);
    this.#acked = 0;
    // What has come meanwhile.
    await this.#pull();
  }

  /** Tells whether all is there that the server has told of. */
  #look(): void {
    if (this.#head === undefined || this.#isBehind || !this.follower.isOnline()) return;
    this.follower.level(true);
    if (this.#order.last > this.#acked) this.#ackSoon();
  }

  /** One thing after the other: what is pushed while a page is under way waits for it. */
  #enqueue(step: () => Promise<void>): Promise<void> {
    const done = this.#work.then(() => (this.#isEnded ? undefined : step()));
    this.#work = done.catch((error: unknown) => this.follower.log('stream', asImError(error)));
    return this.#work;
  }

  #again(step: () => Promise<void>): Promise<void> {
    return this.#enqueue(() => this.#trying(step));
  }

  /** Tries until it is done, or there is no connection any more: the next one begins with `sync:head`. */
  async #trying(step: () => Promise<void>): Promise<void> {
    while (!this.#isEnded && this.follower.isOnline()) {
      try {
        return await step();
      } catch (thrown) {
        const error = asImError(thrown);
        this.follower.log('stream', error);
        if (!this.follower.isOnline()) return;
        await sleep(error.retryAfterMs ?? AGAIN_MS);
      }
    }
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
