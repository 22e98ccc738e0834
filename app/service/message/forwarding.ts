import { Service } from 'egg';
import type { Actor } from '../../lib/auth/actor';
import { forwardDenial } from '../../policy/message';
import { assertAllowed, invalidInput } from '../../schema/errors';
import type { StoredMessage } from '../../lib/message/row';
import { presentMerged } from '../../presenter/merged';
import { presentMessage } from '../../presenter/message';
import { jsonList, jsonWith, type Json } from '../../schema/json';
import type { ForwardMessages, SentMessage } from '../../schema/message';
import type { MessageModel } from '../../model/message';
import { conflictWith } from '../../lib/writer/send';
import type { Body, Target } from './sending';

/** Forwards messages to another conversation, or to the same. */
export default class ForwardService extends Service {
  /**
   * Forwards messages, each by itself or merged into one. Messages that were forwarded under these ids before are answered
   * again. Throws INVALID_INPUT, CONFLICT, MESSAGE_NOT_FOUND, FORBIDDEN (recalled, or written by the server), TOO_LARGE, USER_NOT_FOUND,
   * what `Writer.send` throws, and for the source CONVERSATION_NOT_FOUND, NOT_A_MEMBER.
   */
  async forward(actor: Actor, given: ForwardMessages): Promise<Json<SentMessage[]>> {
    const { from, merged, clientMsgIds, ...target } = given;
    this.service.message.sending.requireTarget(target);
    const wanted = merged ? 1 : from.seqs.length;
    if (clientMsgIds.length !== wanted) throw invalidInput('/clientMsgIds', `${wanted} needed`);
    const known = await this.findSent(actor, clientMsgIds);
    if (known.length > 0) await this.requireTarget(actor, target, known);
    // Before all else, because what they were made of may be gone by now.
    if (known.length === wanted) return jsonList(known.map(presentSent));

    const id = from.conversationId;
    await this.service.conversation.access.membership(actor, id);
    const messages = await this.service.message.history.findAll(actor, id, from.seqs);
    assertAllowed(forwardDenial(messages));
    const idOf = new Map(from.seqs.map((seq, index) => [seq, clientMsgIds[index]]));
    const bodies = merged
      ? [bodyOf(clientMsgIds[0], 'merged', await this.merge(messages))]
      : messages.map(({ seq, type, content }) => bodyOf(idOf.get(seq)!, type, content));
    // The call has counted the first.
    await this.app.limits.take('sends', actor.userId, wanted - 1);
    const { sending } = this.service.message;
    // The writer takes them in this order, and keeps it.
    const store = (id: number) => Promise.all(bodies.map(body => sending.store(actor, id, body)));
    return jsonList(await sending.inTarget(actor, target, store));
  }

  /** Those of the actor's messages that have these ids. Index: message_client_msg_id. */
  private findSent({ userId: senderId }: Actor, clientMsgIds: string[]): Promise<MessageModel[]> {
    return this.app.model.Message.findAll({
      where: { senderId, clientMsgId: clientMsgIds },
      order: ['conversationId', 'seq'],
      raw: true,
    });
  }

  /** Throws CONFLICT when messages with these ids went elsewhere. */
  private async requireTarget(actor: Actor, target: Target, known: readonly MessageModel[]): Promise<void> {
    const conversationId = await this.service.message.sending.inTarget(actor, target, id => Promise.resolve(id));
    const other = known.find(each => each.conversationId !== conversationId);
    if (other) throw conflictWith(other);
  }

  /** The content of the one message that several become, as JSON. Throws TOO_LARGE. */
  private async merge(messages: readonly StoredMessage[]): Promise<string> {
    const { ChatGroup, User } = this.app.model;
    const [group, users] = await Promise.all([
      ChatGroup.findByPk(messages[0].conversationId, { attributes: ['name'], raw: true }),
      User.findAll({ where: { id: messages.map(each => each.senderId) }, attributes: ['id', 'name'], raw: true }),
    ]);
    const names = new Map(users.map(user => [user.id, user.name]));
    const content = presentMerged(messages, group?.name, names);
    return this.service.message.sending.within('content', content, this.app.config.im.mergedMaxBytes);
  }
}

function presentSent(message: StoredMessage): Json<SentMessage> {
  return jsonWith(presentMessage(message), { syncSeq: message.syncSeq });
}

function bodyOf(clientMsgId: string, type: string, content: string): Body {
  return { clientMsgId, type, content, replyTo: null, mentions: [], mentionAll: false, extra: null };
}
