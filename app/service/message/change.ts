import { Service } from 'egg';
import type { Actor } from '../../lib/auth/actor';
import { editDenial, mentionDenial, recallDenial } from '../../policy/message';
import { assertAllowed } from '../../schema/errors';
import { mentionsOf } from '../../lib/message/row';
import { messagesEntry } from '../../lib/stream/entry';
import { presentMessage } from '../../presenter/message';
import type { Json } from '../../schema/json';
import type { EditMessage, Message } from '../../schema/message';

const NOT_A_TEXT = { INVALID_INPUT: [{ path: '/seq', message: 'not a text' }] };
const NOT_MEMBERS = { INVALID_INPUT: [{ path: '/mentions', message: 'members alone can be mentioned' }] };

/** Edits and recalls of messages. */
export default class MessageChangeService extends Service {
  /**
   * Replaces the text of an own message. A repeated edit changes nothing and has the same answer. Throws
   * CONVERSATION_NOT_FOUND, NOT_A_MEMBER, MESSAGE_NOT_FOUND, FORBIDDEN (written by another), INVALID_INPUT (not a text, or a
   * mention of a user who is no member), TOO_LATE, TOO_LARGE, MUTED, BLOCKED, NOT_FRIENDS.
   */
  async edit(actor: Actor, conversationId: number, seq: number, given: EditMessage): Promise<Json<Message>> {
    const content = this.service.message.sending.contentOf({ type: 'text', content: given.content });
    const mentioned = given.mentions ?? [];
    const { access } = this.service.conversation;
    const subject = { seqs: [seq], isTold: true };
    return access.runMessages(actor, conversationId, subject, (conversation, unit, messages) => {
      const message = messages.findStanding(actor.userId, seq);
      const { editSeconds } = this.app.config.im;
      assertAllowed(editDenial({ ...access.writeFactsOf(actor, conversation), message, editSeconds }), NOT_A_TEXT);
      assertAllowed(mentionDenial(mentioned, conversation.members), NOT_MEMBERS);

      const mentions = mentionsOf(mentioned);
      // It is sent again, or nothing is another.
      if (content === message.content && mentions === message.mentions) return presentMessage(message);
      const edited = messages.rewrite(seq, { content, mentions, editedAt: conversation.at });
      unit.defer(...edited.statements);
      unit.record(messagesEntry('message.edited', [edited.message], messages.viewersOf(seq)));
      return presentMessage(edited.message);
    });
  }

  /**
   * Takes a message back, as `recallDenial` allows. A repeated recall changes nothing and has the same answer. Throws
   * CONVERSATION_NOT_FOUND, NOT_A_MEMBER, MESSAGE_NOT_FOUND, FORBIDDEN, TOO_LATE.
   */
  async recall(actor: Actor, conversationId: number, seq: number): Promise<Json<Message>> {
    const { userId } = actor;
    const { access } = this.service.conversation;
    const subject = { seqs: [seq], isTold: true };
    return access.runMessages(actor, conversationId, subject, ({ members, at: now }, unit, messages) => {
      const message = messages.find(userId, seq);
      const { recallSeconds } = this.app.config.im;
      const { isOfOwner: isSenderOwner } = message;
      assertAllowed(recallDenial({ userId, now, members, message, isSenderOwner, recallSeconds }));
      if (message.recalledAt) return presentMessage(message);
      unit.defer(...messages.erase([seq], { recalledAt: now, recalledBy: userId }));
      const recalled = messages.find(userId, seq);
      unit.record(messagesEntry('message.recalled', [recalled], messages.viewersOf(seq)));
      return presentMessage(recalled);
    });
  }
}
