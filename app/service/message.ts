import { Service } from 'egg';
import { Op } from 'sequelize';
import type { Actor } from '../lib/actor';
import { AppError } from '../lib/errors';
import { presentMessage } from '../lib/present';
import type { Send } from '../lib/writer';
import type { History, Message, SendMessage, SentMessage } from '../schema/message';

/** What a client asks to be sent, of any type. */
export interface Draft {
  readonly clientMsgId: string;
  readonly type: string;
  readonly content: object;
  readonly replyTo?: number;
  readonly mentions?: readonly string[];
  readonly extra?: object;
}

type Body = Omit<Send, 'app' | 'senderId' | 'conversationId'>;

export default class MessageService extends Service {
  /** Sends to a conversation the actor is in. Throws TOO_LARGE and what `Writer.send` throws. */
  async send(actor: Actor, conversationId: number, draft: Draft): Promise<SentMessage> {
    return this.store(actor, conversationId, this.bodyOf(draft));
  }

  /** Sends to a conversation or to a user; the first message to a user makes the conversation. Throws USER_NOT_FOUND as well. */
  async sendTo(actor: Actor, { conversationId, to, ...draft }: SendMessage): Promise<SentMessage> {
    if ((conversationId === undefined) === (to === undefined)) {
      throw new AppError('INVALID_INPUT', [{ path: '/', message: 'one of conversationId and to is needed' }]);
    }
    const body = this.bodyOf(draft);
    const id = to
      ? await this.service.conversation.findOrCreateSingle(actor, Number(to.userId))
      : Number(conversationId);
    return this.store(actor, id, body);
  }

  /** A page of history in ascending seq. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER. */
  async list(actor: Actor, conversationId: number, { before, after, limit }: History): Promise<Message[]> {
    const { joinedSeq } = await this.service.conversation.membership(actor, conversationId);
    const above = Math.max(joinedSeq, after ?? 0);
    const ascending = after !== undefined && before === undefined;
    // Index: message PRIMARY, one range.
    const rows = await this.app.model.Message.findAll({
      where: { conversationId, seq: { [Op.gt]: above, ...(before !== undefined && { [Op.lt]: before }) } },
      order: [['seq', ascending ? 'ASC' : 'DESC']],
      limit,
      raw: true,
    });
    return (ascending ? rows : rows.reverse()).map(presentMessage);
  }

  private async store(actor: Actor, conversationId: number, body: Body): Promise<SentMessage> {
    const { app, userId: senderId } = actor;
    const { message, syncSeq } = await this.app.engine.writer.send({ app, senderId, conversationId, ...body });
    return { ...presentMessage(message), syncSeq };
  }

  /** Throws TOO_LARGE, before anything is looked up or made for the message. */
  private bodyOf(draft: Draft): Body {
    const { clientMsgId, type, replyTo = null, mentions = [], extra } = draft;
    return {
      clientMsgId,
      type,
      content: this.contentOf(draft),
      replyTo,
      mentions: mentions.map(Number),
      extra: extra ? this.within('extra', extra, this.app.config.im.extraMaxBytes) : null,
    };
  }

  private contentOf({ type, content }: Draft): string {
    const { textMaxBytes, contentMaxBytes } = this.app.config.im;
    if (type === 'text')
      this.limit('content.text', Buffer.byteLength((content as { text: string }).text), textMaxBytes);
    return type === 'text' ? JSON.stringify(content) : this.within('content', content, contentMaxBytes);
  }

  private within(name: string, value: object, limit: number): string {
    const json = JSON.stringify(value);
    this.limit(name, Buffer.byteLength(json), limit);
    return json;
  }

  private limit(path: string, size: number, limit: number): void {
    if (size > limit) throw new AppError('TOO_LARGE', { path, size, limit });
  }
}
