import { asImError } from './error.js';
import type { ClientApi } from './api.js';
import type { ChangeSet } from './store/changes.js';
import type { Reading, Writing } from './store/store.js';
import type { Intent } from './store/tables.js';

export interface IntentsOptions {
  readonly api: ClientApi;
  read<T>(work: (t: Reading) => Promise<T>): Promise<T>;
  write<T>(work: (t: Writing, changes: ChangeSet) => Promise<T>): Promise<T>;
  isOnline(): boolean;
  log(event: string, about: unknown): void;
}

const SOON_MS = 1000;
const AGAIN_MS = 2000;

/** What was read and what is half written: kept here at once, and told to the server when there is a connection. */
export class Intents {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #work: Promise<void> = Promise.resolve();
  #isEnded = false;

  constructor(private readonly options: IntentsOptions) {}

  /** Everything up to a place is read. */
  async read(conversationId: string, seq: number): Promise<void> {
    const isNews = await this.options.write(async (t, changes) => {
      const known = await t.get('intents', [conversationId]);
      const row = await t.get('conversations', [conversationId]);
      const isRead = Math.max(known?.readSeq ?? 0, row?.readSeq ?? 0) >= seq && !row?.settings.markedUnread;
      if (isRead) return false;
      await put(t, changes, { ...known, conversationId, readSeq: Math.max(seq, known?.readSeq ?? 0) });
      return true;
    });
    if (isNews) this.run();
  }

  /** What the user has begun to write; an empty text takes it away. */
  async draft(conversationId: string, draft: string): Promise<void> {
    await this.options.write(async (t, changes) => {
      const known = await t.get('intents', [conversationId]);
      const row = await t.get('conversations', [conversationId]);
      if ((known?.draft ?? row?.settings.draft ?? '') === draft) return;
      await put(t, changes, { ...known, conversationId, draft });
    });
    this.#runIn(SOON_MS);
  }

  /** Tells the server what it does not know yet. */
  run(): void {
    this.#work = this.#work
      .then(() => this.#all())
      .catch((error: unknown) => {
        this.options.log('intents', error);
        if (this.options.isOnline()) this.#runIn(asImError(error).retryAfterMs ?? AGAIN_MS);
      });
  }

  end(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
  }

  #runIn(ms: number): void {
    if (this.#isEnded) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.run();
    }, ms);
  }

  async #all(): Promise<void> {
    for (const intent of await this.options.read(t => t.list('intents'))) {
      if (!this.options.isOnline()) return;
      try {
        await this.#tell(intent);
      } catch (error) {
        // What is refused for good is not told again.
        if (asImError(error).retryable) throw error;
      }
      await this.#told(intent);
    }
  }

  async #tell({ conversationId, readSeq, draft }: Intent): Promise<void> {
    const { conversation } = this.options.api;
    if (readSeq !== undefined) await conversation.read({ conversationId, seq: readSeq });
    if (draft !== undefined) await conversation.update({ conversationId, draft: draft.trim() === '' ? null : draft });
  }

  /** Takes out what was told, and leaves what was added meanwhile. */
  #told(told: Intent): Promise<void> {
    return this.options.write(async (t, changes) => {
      const { conversationId, readSeq, draft } = (await t.get('intents', [told.conversationId])) ?? told;
      const left: Intent = {
        conversationId,
        ...(readSeq !== told.readSeq && { readSeq }),
        ...(draft !== told.draft && { draft }),
      };
      await put(t, changes, left);
      if (told.draft === undefined) return;
      // The server has it: it is not to be gone until the stream says so.
      const row = await t.get('conversations', [conversationId]);
      if (!row) return;
      const settings = { ...row.settings, draft: told.draft === '' ? undefined : told.draft };
      await t.put('conversations', [conversationId], { ...row, settings });
    });
  }
}

async function put(t: Writing, changes: ChangeSet, intent: Intent): Promise<void> {
  const isEmpty = intent.readSeq === undefined && intent.draft === undefined;
  if (isEmpty) await t.remove('intents', [intent.conversationId]);
  else await t.put('intents', [intent.conversationId], intent);
  changes.conversations.add(intent.conversationId);
}
