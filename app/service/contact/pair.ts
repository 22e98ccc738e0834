import { Service } from 'egg';
import type { Actor } from '../../lib/auth/actor';
import type { ModelUnit } from '../../lib/engine';
import type { LockedConversation } from '../../lib/message/locked_conversation';

/** Changes of what two users are to each other: friendships and blocks. */
export default class PairService extends Service {
  /**
   * Runs a use case under the lock of the single conversation of the two users, which is made when it is not there. Messages
   * between them, and other changes that concern both, wait meanwhile. Throws USER_NOT_FOUND.
   */
  async run<T>(
    actor: Actor,
    userId: number,
    work: (conversation: LockedConversation, unit: ModelUnit) => Promise<T>,
  ): Promise<T> {
    const { single, access } = this.service.conversation;
    return single.within(actor, userId, id => access.run(actor, id, work, 'single'));
  }
}
