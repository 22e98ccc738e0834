import { Service } from 'egg';
import type { Transaction } from 'sequelize';
import type { Actor } from '../lib/auth/actor';
import { newId } from '../lib/database/ids';
import type { ModelUnit } from '../lib/engine';
import type { LockedConversation } from '../lib/message/locked_conversation';
import type { NewEntry } from '../lib/stream/entry';
import type { ConversationModel } from '../model/conversation';
import { writeDenial, type Members, type WriteFacts } from '../policy/conversation';
import { AppError, assertAllowed } from '../schema/errors';
import type { SystemContent } from '../schema/message';

/** What a use case has within its transaction. */
export interface Work {
  readonly unit: ModelUnit;
  readonly transaction: Transaction;
  /** Puts an entry into streams: written after all else that the use case does, pushed after the commit. */
  tell(entry: NewEntry): void;
}

/** A conversation whose row the transaction has locked: nobody sends to it or changes its members meanwhile. */
export interface Scene extends Work {
  readonly locked: LockedConversation;
  readonly conversation: ConversationModel;
  /** As they were when the row was locked; of a system conversation the actor alone. */
  readonly members: Members;
}

export default class TransactionService extends Service {
  /** Runs a use case in one transaction. `work` may run several times. */
  async run<T>(work: (tools: Work) => Promise<T>): Promise<T> {
    return this.app.engine.transact(unit =>
      work({ unit, transaction: unit.session.transaction, tell: entry => unit.record(entry) }),
    );
  }

  /** `run` with an id for a new row. */
  runWithId<T>(work: (id: number, tools: Work) => Promise<T>): Promise<T> {
    return this.run(tools => work(newId(), tools));
  }

  /** `run` in a conversation of the actor's, of that type if one is named. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER. */
  runIn<T>(
    actor: Actor,
    conversationId: number,
    work: (scene: Scene) => Promise<T>,
    type?: ConversationModel['type'],
  ): Promise<T> {
    return this.run(async tools => {
      const scene = await this.lock(tools, actor.app, conversationId, type, [actor.userId]);
      if (!scene.members.index.has(actor.userId)) throw new AppError('NOT_A_MEMBER');
      return work(scene);
    });
  }

  /** Locks a conversation, whoever is in it; `userIds` as in `MemberCache.read`. Throws CONVERSATION_NOT_FOUND. */
  async lock(
    tools: Work,
    app: string,
    id: number,
    type?: ConversationModel['type'],
    userIds?: readonly number[],
  ): Promise<Scene> {
    const { unit, transaction } = tools;
    const locked = await unit.lock(app, id, { type, userIds });
    const conversation = await this.app.model.Conversation.findByPk(id, { transaction, rejectOnEmpty: true });
    return { ...tools, locked, conversation, members: locked.members };
  }

  /** Throws MUTED, BLOCKED, NOT_FRIENDS, FORBIDDEN when the actor may not write to the conversation. */
  assertMayWrite(actor: Actor, scene: Scene): void {
    assertAllowed(writeDenial(this.writeFactsOf(actor, scene)));
  }

  /** What rules about writing to a locked conversation go by. */
  writeFactsOf({ userId }: Actor, { conversation, members }: Scene): WriteFacts {
    const { type, muteAll } = conversation;
    const friendsOnly = this.app.config.im.singlePolicy === 'friends';
    return { userId, now: new Date(), type, muteAll, friendsOnly, members };
  }

  /** Puts a line of the server's into a conversation, such as "X invited Y". It does not count as unread. */
  post({ unit, locked }: Scene, receiverIds: readonly number[], content: SystemContent): Promise<void> {
    unit.post(locked, receiverIds, content);
    return Promise.resolve();
  }
}
