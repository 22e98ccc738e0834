import type { ClientApi } from '../api.js';
import { putGroupRequest } from '../apply/conversations.js';
import { manages, rowOf, type Scene } from '../apply/scene.js';
import { asImError } from '../error.js';
import type { Conversation, GroupRequest } from '../protocol.js';
import type { Reading } from '../store/store.js';
import type { ConversationRow } from '../store/tables.js';
import { sleep } from '../time.js';
import { all, meetPeer } from './load.js';

export interface RefresherOptions {
  readonly api: ClientApi;
  /** Ids of the conversations that are to be asked for, as far as what is stored is shown. */
  stale(): readonly string[];
  /** Resolves when what was stored before is shown. */
  settled(): Promise<void>;
  read<T>(work: (t: Reading) => Promise<T>): Promise<T>;
  change<T>(work: (scene: Scene) => Promise<T>): Promise<T>;
  isOnline(): boolean;
  log(event: string, about: unknown): void;
}

const AGAIN_MS = 200;

/**
 * Asks for conversations of which the stream has not told all: one that is new here, one whose count can not be told, a group whose
 * requests to join the user may answer from now on.
 */
export class Refresher {
  #isRunning = false;
  /** Something has changed since it was last looked. */
  #isNews = false;

  constructor(private readonly options: RefresherOptions) {}

  /** Looks whether there are some. */
  run(): void {
    this.#isNews = true;
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#all().catch((error: unknown) => this.options.log('refresh', error));
  }

  async #all(): Promise<void> {
    while (this.#isNews && this.options.isOnline()) {
      this.#isNews = false;
      for (const id of this.options.stale()) {
        // Whether it is known now, or has changed once more, is looked at again.
        this.#isNews = true;
        try {
          await this.#one(id);
          await this.options.settled();
        } catch (error) {
          this.options.log('refresh', error);
          await sleep(asImError(error).retryAfterMs ?? AGAIN_MS);
        }
      }
    }
    // In the same turn as the look for news: what comes after that begins anew.
    this.#isRunning = false;
  }

  async #one(id: string): Promise<void> {
    const asked = await this.options.read(async t => (await t.get('place', ['place']))?.last ?? 0);
    const shown = await this.#ifThere(() => this.options.api.conversation.show({ conversationId: id }));
    const requests = manages(shown?.role) ? await this.#ifThere(() => this.#requests(id)) : [];
    await this.options.change(async scene => {
      const row = await scene.conversation(id);
      // What the stream has told meanwhile may be newer than the answer.
      if (!row || row.changed > asked) return;
      if (!shown) return scene.forget(id);
      if (row.lastSeq > shown.lastSeq) return;
      await scene.keep(merged(shown, row));
      await meetPeer(scene, shown);
      for (const request of requests ?? []) await putGroupRequest(scene, request);
      scene.changes.lists.add('groupRequests');
    });
  }

  /** What others have asked who want to join a group. */
  #requests(groupId: string): Promise<GroupRequest[]> {
    return all(cursor => this.options.api.member.requests({ groupId, cursor, limit: 200 }));
  }

  /** Resolves with nothing where the user may not see it any more. */
  async #ifThere<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (['NOT_A_MEMBER', 'CONVERSATION_NOT_FOUND', 'FORBIDDEN'].includes(asImError(error).code)) return undefined;
      throw error;
    }
  }
}

function merged(shown: Conversation, { changed, spans, readSeq }: ConversationRow): ConversationRow {
  return { ...rowOf(shown, changed, spans), readSeq: Math.max(shown.readSeq, readSeq) };
}
