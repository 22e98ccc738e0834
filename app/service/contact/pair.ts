import { Service } from 'egg';
import type { Actor } from '../../lib/auth/actor';
import type { ModelUnit } from '../../lib/engine';
import type { LockedConversation } from '../../lib/message/locked_conversation';

/** Two users, and what they are to each other: friends, or one that has blocked the other. */
export default class PairService extends Service {
  /**
   * Runs a use case under the lock of the single conversation of the two, which is made when it is not there: sends
   * between them wait meanwhile, and so does whatever else concerns both. Throws USER_NOT_FOUND.
   */
  async run<T>(
    actor: Actor,
    userId: number,
    work: (conversation: LockedConversation, unit: ModelUnit) => Promise<T>,
  ): Promise<T> {
    const { single, access } = this.service.conversation;
    return access.run(actor, await single.findOrCreate(actor, userId), work, 'single');
  }
}
