import { Service } from 'egg';
import type { Actor } from '../../lib/auth/actor';
import { AppError, invalidInput } from '../../schema/errors';
import { presentMessage } from '../../presenter/message';
import type { Attachment } from '../../lib/media/attachment';
import { isMediaType } from '../../schema/content';
import type { Send } from '../../lib/writer/send';
import { jsonWith, textOf, type Json } from '../../schema/json';
import type { SendMessage, SentMessage } from '../../schema/message';

/** What a client asks to be sent, of any type. */
export interface Draft {
  readonly clientMsgId: string;
  readonly type: string;
  readonly content: object;
  readonly replyTo?: number;
  readonly mentions?: readonly number[];
  readonly mentionAll?: true;
  readonly extra?: object;
}

export type Body = Omit<Send, 'app' | 'senderId' | 'conversationId'>;
export type Target = Pick<SendMessage, 'conversationId' | 'to'>;

/** Sending. What comes after it is in message_view, message_change, message_removal, message_mark and message_receipt. */
export default class MessageService extends Service {
  /** Sends to a conversation the actor is in. Throws TOO_LARGE and what `Writer.send` throws. */
  async send(actor: Actor, conversationId: number, draft: Draft): Promise<Json<SentMessage>> {
    return this.store(actor, conversationId, this.bodyOf(draft));
  }

  /** Sends to a conversation or to a user; the first message to a user makes the conversation. Throws USER_NOT_FOUND as well. */
  async sendTo(actor: Actor, { conversationId, to, ...draft }: SendMessage): Promise<Json<SentMessage>> {
    this.requireTarget({ conversationId, to });
    const body = this.bodyOf(draft);
    return this.inTarget(actor, { conversationId, to }, id => this.store(actor, id, body));
  }

  /** Throws INVALID_INPUT unless it names a conversation or a user. */
  requireTarget({ conversationId, to }: Target): void {
    if ((conversationId === undefined) === (to === undefined)) {
      throw invalidInput('/', 'one of conversationId and to is needed');
    }
  }

  /** Runs work with the conversation to send to, which is made for a user when it is not there. Throws USER_NOT_FOUND. */
  inTarget<T>(actor: Actor, { conversationId, to }: Target, work: (id: number) => Promise<T>): Promise<T> {
    return to ? this.service.conversation.single.within(actor, to.userId, work) : work(conversationId!);
  }

  /** Throws RATE_LIMITED and what `Writer.send` throws. */
  async store(actor: Actor, conversationId: number, body: Body): Promise<Json<SentMessage>> {
    const { app, userId: senderId } = actor;
    await this.app.limits.take('conversation', conversationId);
    const { message, syncSeq } = await this.app.engine.writer.send({ app, senderId, conversationId, ...body });
    return jsonWith(presentMessage(message), { syncSeq });
  }

  /** Throws TOO_LARGE, INVALID_INPUT, before anything is looked up or made for the message. */
  private bodyOf(draft: Draft): Body {
    const { clientMsgId, type, replyTo = null, mentions = [], mentionAll = false, extra } = draft;
    const attachment = this.attachmentOf(draft);
    return {
      clientMsgId,
      type,
      // The id first: it is found there.
      content: this.contentOf(attachment ? { type, content: attachment } : draft),
      attachment,
      replyTo,
      mentions,
      mentionAll,
      extra: extra ? this.within('extra', extra, this.app.config.im.extraMaxBytes) : null,
    };
  }

  /** What is said of an uploaded file, if the message shows one. Throws INVALID_INPUT for a file elsewhere. */
  private attachmentOf({ type, content }: Draft): Attachment | undefined {
    if (!isMediaType(type)) return undefined;
    if ('url' in content && !this.app.config.im.foreignMedia) {
      throw invalidInput('/content/url', 'files of other hosts are not taken');
    }
    const { mediaId, posterId, name } = content as Partial<Attachment>;
    return mediaId === undefined ? undefined : { mediaId, posterId, name };
  }

  /** The content as JSON. Throws TOO_LARGE. */
  contentOf({ type, content }: Pick<Draft, 'type' | 'content'>): string {
    const { textMaxBytes, contentMaxBytes } = this.app.config.im;
    if (type === 'text')
      this.limit('content.text', Buffer.byteLength((content as { text: string }).text), textMaxBytes);
    return type === 'text' ? JSON.stringify(content) : this.within('content', content, contentMaxBytes);
  }

  /** A part of a message as JSON. Throws TOO_LARGE when that has more bytes. */
  within(name: string, value: object, limit: number): string {
    const json = textOf(value);
    this.limit(name, Buffer.byteLength(json), limit);
    return json;
  }

  private limit(path: string, size: number, limit: number): void {
    if (size > limit) throw new AppError('TOO_LARGE', { path, size, limit });
  }
}
