import { meet } from '../apply/people.js';
import type { Scene } from '../apply/scene.js';
import type { ClientApi } from '../api.js';

export interface CardsOptions {
  readonly api: ClientApi;
  change<T>(work: (scene: Scene) => Promise<T>): Promise<T>;
  isOnline(): boolean;
  log(event: string, about: unknown): void;
}

const AT_ONCE = 100;

/** Loads the cards of users that are shown and not known, or not as new as a message says, many at once. */
export class CardLoader {
  readonly #wanted = new Set<string>();
  /** Asked for since there is a connection: those who are not there are not asked for again. */
  readonly #asked = new Map<string, number>();
  #isRunning = false;

  constructor(private readonly options: CardsOptions) {}

  /** @param version that is known to be there */
  want(userId: string, version = 0): void {
    if ((this.#asked.get(userId) ?? -1) >= version) return;
    this.#asked.set(userId, version);
    this.#wanted.add(userId);
    this.run();
  }

  run(): void {
    if (this.#isRunning || this.#wanted.size === 0 || !this.options.isOnline()) return;
    this.#isRunning = true;
    // In the next turn, so that all that a list shows is asked for at once.
    void Promise.resolve()
      .then(() => this.#load())
      .catch((error: unknown) => this.options.log('cards', error))
      .finally(() => (this.#isRunning = false));
  }

  async #load(): Promise<void> {
    while (this.#wanted.size > 0 && this.options.isOnline()) {
      const userIds = [...this.#wanted].slice(0, AT_ONCE);
      const cards = await this.options.api.user.batch({ userIds });
      for (const userId of userIds) this.#wanted.delete(userId);
      await this.options.change(async scene => {
        for (const card of cards) await meet(scene, card);
      });
    }
  }
}
