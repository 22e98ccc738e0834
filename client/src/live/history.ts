import type { ClientApi } from '../api.js';
import { putPage } from '../apply/messages.js';
import type { Scene } from '../apply/scene.js';
import type { Message, Page } from '../protocol.js';
import type { Reading } from '../store/store.js';
import { sleep } from '../time.js';

export interface HistoryOptions {
  readonly api: ClientApi;
  read<T>(work: (t: Reading) => Promise<T>): Promise<T>;
  change<T>(work: (scene: Scene) => Promise<T>): Promise<T>;
}

/** Often enough for a conversation in which something changes all the time. */
const TRIES = 20;
const AGAIN_MS = 100;

interface Covered {
  readonly from: number;
  readonly to: number;
}

/** Brings pages of stored messages from the server into the store, where the stream keeps them as they are. */
export class History {
  constructor(private readonly options: HistoryOptions) {}

  read<T>(work: (t: Reading) => Promise<T>): Promise<T> {
    return this.options.read(work);
  }

  /** The page of messages before a place. */
  async before(id: string, before: number, limit: number): Promise<void> {
    await this.#load(
      id,
      () => this.options.api.message.index({ conversationId: id, before, limit }),
      ({ items, nextCursor }) => ({ from: nextCursor ? (items[0]?.seq ?? before) : 1, to: before - 1 }),
    );
  }

  /** The page of messages after a place. */
  async after(id: string, after: number, limit: number): Promise<void> {
    await this.#load(
      id,
      () => this.options.api.message.index({ conversationId: id, after, limit }),
      ({ items, nextCursor }, lastSeq) => {
        const last = items.at(-1)?.seq ?? after;
        return { from: after + 1, to: nextCursor ? last : Math.max(last, lastSeq) };
      },
    );
  }

  /** The place of the first message that was sent then or later. */
  async from(id: string, date: Date, limit: number): Promise<number | undefined> {
    const { items } = await this.#load(
      id,
      () => this.options.api.message.index({ conversationId: id, from: date.toISOString(), limit }),
      ({ items: found }) => ({ from: found[0]?.seq ?? 1, to: found.at(-1)?.seq ?? 0 }),
    );
    return items[0]?.seq;
  }

  /** Messages that are held after one place, up to another. */
  between(id: string, after: number, last: number, limit: number): Promise<Message[]> {
    return this.read(t => t.list('messages', { prefix: [id], after: [id, after], before: [id, last + 1], limit }));
  }

  /** The latest messages that are held before a place and not before another, in order. */
  async until(id: string, before: number, first: number, limit: number): Promise<Message[]> {
    const range = { prefix: [id], after: [id, first - 1], before: [id, before], limit, reverse: true };
    return (await this.read(t => t.list('messages', range))).reverse();
  }

  /** A page that was asked for before an entry changed one of its messages would bring back what was: it is asked for again. */
  async #load(
    id: string,
    ask: () => Promise<Page<Message[]>>,
    coveredBy: (page: Page<Message[]>, lastSeq: number) => Covered,
  ): Promise<Page<Message[]>> {
    for (let tries = 1; ; tries++) {
      const { last, lastSeq } = await this.read(async t => ({
        last: (await t.get('place', ['place']))?.last ?? 0,
        lastSeq: (await t.get('conversations', [id]))?.lastSeq ?? 0,
      }));
      const page = await ask();
      const { from, to } = coveredBy(page, lastSeq);
      const isPut = await this.options.change(scene => putPage(scene, id, page.items, from, to, last));
      if (isPut || tries === TRIES) return page;
      await sleep(AGAIN_MS);
    }
  }
}
