import type { ClientApi } from '../api.js';
import { asImError } from '../error.js';
import type { Presence } from '../protocol.js';
import { Value, type Live } from './value.js';

const AT_ONCE = 200;

/** Who of the users that are looked at is online. Watched on the server as long as somebody looks. */
export class Presences {
  readonly #values = new Map<string, Value<Presence | undefined>>();
  readonly #wanted = new Set<string>();
  #isAsking = false;

  constructor(
    private readonly api: ClientApi,
    private readonly log: (event: string, about: unknown) => void,
  ) {}

  of(userId: string): Live<Presence | undefined> {
    const value = this.#values.get(userId) ?? new Value<Presence | undefined>(undefined);
    this.#values.set(userId, value);
    return {
      get value() {
        return value.value;
      },
      subscribe: listener => {
        if (!value.isWatched) this.#watch([userId]);
        const stop = value.subscribe(listener);
        return () => {
          stop();
          if (!value.isWatched) this.#unwatch(userId);
        };
      },
    };
  }

  changed(presence: Presence): void {
    this.#values.get(presence.userId)?.set(presence);
  }

  /** A new connection knows nothing of what the last one has watched. */
  online(): void {
    this.#watch([...this.#values].filter(([, value]) => value.isWatched).map(([id]) => id));
  }

  /** What was known is old. */
  offline(): void {
    for (const value of this.#values.values()) value.set(undefined);
  }

  #watch(userIds: readonly string[]): void {
    for (const userId of userIds) this.#wanted.add(userId);
    if (this.#isAsking) return;
    this.#isAsking = true;
    // In the next turn, so that all that a list shows is asked for at once.
    void Promise.resolve()
      .then(() => this.#ask())
      .finally(() => (this.#isAsking = false));
  }

  async #ask(): Promise<void> {
    while (this.#wanted.size > 0) {
      const userIds = [...this.#wanted].slice(0, AT_ONCE);
      for (const userId of userIds) this.#wanted.delete(userId);
      for (const presence of await this.#watched(userIds)) this.changed(presence);
    }
  }

  /** One who may not be watched keeps the others from it: then each is asked for alone. */
  async #watched(userIds: string[]): Promise<Presence[]> {
    try {
      return await this.api.presence.watch({ userIds });
    } catch (error) {
      this.log('presence', error);
      if (userIds.length === 1 || asImError(error).code !== 'FORBIDDEN') return [];
      const half = userIds.length >> 1;
      return [...(await this.#watched(userIds.slice(0, half))), ...(await this.#watched(userIds.slice(half)))];
    }
  }

  #unwatch(userId: string): void {
    this.#values.delete(userId);
    void this.api.presence.unwatch({ userIds: [userId] }).catch((error: unknown) => this.log('presence', error));
  }
}
