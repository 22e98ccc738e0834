import { Service } from 'egg';
import type { Actor } from '../../lib/auth/actor';
import type { ModelUnit } from '../../lib/engine';
import type { MessageChange } from '../../lib/writer/changes';
import type { LockedConversation } from '../../lib/message/locked_conversation';
import type { Subject } from '../../lib/message/open_messages';
import type { ConversationMemberModel } from '../../model/conversation_member';
import { writeDenial, type ConversationType, type WriteFacts } from '../../policy/conversation';
import { AppError, assertAllowed } from '../../schema/errors';

/** A use case in a locked conversation. */
type Work<T> = (conversation: LockedConversation, unit: ModelUnit) => Promise<T>;

/** Who may ask for a conversation, and use cases within one. */
export default class AccessService extends Service {
  /**
   * The actor's place in a conversation, of that type if one is named. Throws CONVERSATION_NOT_FOUND, also for one of
   * another app, NOT_A_MEMBER.
   */
  async membership(actor: Actor, id: number, type?: ConversationType): Promise<ConversationMemberModel> {
    const { Conversation, ConversationMember } = this.app.model;
    const [conversation, member] = await Promise.all([
      Conversation.findOne({ where: { id, app: actor.app, ...(type && { type }) }, attributes: ['id'], raw: true }),
      ConversationMember.findOne({ where: { conversationId: id, userId: actor.userId }, raw: true }),
    ]);
    if (!conversation) throw new AppError('CONVERSATION_NOT_FOUND');
    if (!member) throw new AppError('NOT_A_MEMBER');
    return member;
  }

  /**
   * Runs a use case in a conversation of the actor's, of that type if one is named, while nobody else sends to it or
   * changes its members. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, BUSY.
   */
  run<T>({ app, userId }: Actor, id: number, work: Work<T>, type?: ConversationType): Promise<T> {
    return this.app.engine.conversationChanges.run(id, {
      app,
      userId,
      type,
      work: (conversation, unit) => work(requireMember(conversation, userId), unit),
    });
  }

  /**
   * The same for a use case that changes messages alone and throws before it changes anything: several share a transaction, and
   * what they have to know of their `subject` is read ahead.
   */
  runMessages<T>(
    { app, userId }: Actor,
    id: number,
    subject: Omit<Subject, 'userId'>,
    work: MessageChange<T>['work'],
  ): Promise<T> {
    return this.app.engine.conversationChanges.runMessages(id, {
      app,
      userId,
      subject: { ...subject, userId },
      work: (conversation, unit, messages) => work(requireMember(conversation, userId), unit, messages),
    });
  }

  /** Throws MUTED, BLOCKED, NOT_FRIENDS, FORBIDDEN when the actor may not write to the conversation. */
  assertMayWrite(actor: Actor, conversation: LockedConversation): void {
    assertAllowed(writeDenial(this.writeFactsOf(actor, conversation)));
  }

  /** What rules about writing to a locked conversation go by. */
  writeFactsOf({ userId }: Actor, { type, muteAll, members, at: now }: LockedConversation): WriteFacts {
    return { userId, now, type, muteAll, members, friendsOnly: this.app.config.im.singlePolicy === 'friends' };
  }
}

function requireMember(conversation: LockedConversation, userId: number): LockedConversation {
  if (!conversation.members.index.has(userId)) throw new AppError('NOT_A_MEMBER');
  return conversation;
}
