import { Service } from 'egg';
import type { Actor } from '../../lib/auth/actor';
import type { ModelUnit } from '../../lib/engine';
import type { LockedConversation } from '../../lib/message/locked_conversation';

/** The end of conversations. */
export default class EndingService extends Service {
  /** Ends one that the actor has with one other user, or with the server alone: it is gone for the other too. Throws what `run` throws. */
  end(actor: Actor, id: number): Promise<void> {
    return this.service.conversation.access.run(actor, id, async (conversation, unit) => {
      const { members, lastSeq } = conversation;
      await this.erase(conversation, unit);
      const receiverIds = members.ids.filter(each => each !== actor.userId);
      if (receiverIds.length === 0) return;
      const settings = {
        pinned: false,
        notify: 'normal',
        markedUnread: false,
        hidden: true,
        clearedSeq: lastSeq,
      } as const;
      const data = { settings, readSeq: lastSeq, unread: 0 };
      unit.record({ type: 'conversation.updated', receiverIds, conversationId: id, data });
    });
  }

  /** Nobody finds a locked conversation any more. Its messages go later, in portions. */
  async erase({ id }: LockedConversation, { session: { transaction } }: ModelUnit): Promise<void> {
    const { Conversation, ConversationMember, DissolvedConversation } = this.app.model;
    await ConversationMember.destroy({ where: { conversationId: id }, transaction });
    await Conversation.destroy({ where: { id }, transaction });
    await DissolvedConversation.create({ conversationId: id }, { transaction });
  }
}
