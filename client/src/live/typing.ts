import type { ClientApi } from '../api.js';
import type { ServerEvents } from '../protocol.js';
import { Value, type Live } from './value.js';

const FORGET_MS = 10_000;
const AGAIN_MS = 5000;

/** Who is typing in which conversation. */
export class Typing {
  readonly #values = new Map<string, Value<readonly string[]>>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #told = new Map<string, number>();

  constructor(private readonly api: ClientApi) {}

  /** The ids of the others who are typing there. */
  in(conversationId: string): Live<readonly string[]> {
    return this.#valueOf(conversationId);
  }

  /** Tells the others that the user is typing there, or has stopped. To be called with every key: it is told every five seconds. */
  tell(conversationId: string, typing: boolean): void {
    const told = this.#told.get(conversationId);
    if (typing ? told !== undefined && Date.now() - told < AGAIN_MS : told === undefined) return;
    if (typing) this.#told.set(conversationId, Date.now());
    else this.#told.delete(conversationId);
    // Nobody misses it when it can not be told.
    this.api.conversation.typing({ conversationId, typing }).catch(() => undefined);
  }

  changed({ conversationId, userId, typing }: ServerEvents['conversation:typing']): void {
    const key = `${conversationId} ${userId}`;
    const value = this.#valueOf(conversationId);
    const others = value.value.filter(each => each !== userId);
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    value.set(typing ? [...others, userId] : others);
    if (!typing) return;
    const timer = setTimeout(() => this.changed({ conversationId, userId, typing: false }), FORGET_MS);
    this.#timers.set(key, timer);
  }

  end(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #valueOf(conversationId: string): Value<readonly string[]> {
    const value = this.#values.get(conversationId) ?? new Value<readonly string[]>([]);
    this.#values.set(conversationId, value);
    return value;
  }
}
