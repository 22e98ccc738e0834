import { Service } from 'egg';
import { Op } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { readWith } from '../../lib/database/sequelize';
import { countReceipts, type MessagePlace } from '../../lib/receipt/receipt_count';
import { receiptDenial } from '../../policy/message';
import { presentReader, presentReceiptCount } from '../../presenter/receipt';
import { assertAllowed } from '../../schema/errors';
import type { ListReaders, Reader, ReceiptCount } from '../../schema/receipt';
import { pageOf, type Page } from '../../schema/page';

/** Receipts of messages. They are counted when somebody asks, from how far each member has got and read. */
export default class MessageReceiptService extends Service {
  /**
   * Counts who has got and read a message. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, MESSAGE_NOT_FOUND, FORBIDDEN (a
   * notice).
   */
  async count(actor: Actor, conversationId: number, seq: number): Promise<ReceiptCount> {
    const [row] = await readWith(this.app.model)(countReceipts(await this.placeOf(actor, conversationId, seq)));
    return presentReceiptCount(row);
  }

  /** A page of the members who have read a message, in order of id. Throws what `count` throws. */
  async listReaders(
    actor: Actor,
    conversationId: number,
    seq: number,
    { cursor, limit }: ListReaders,
  ): Promise<Page<Reader>> {
    const { senderId } = await this.placeOf(actor, conversationId, seq);
    // Index: conversation_member PRIMARY, one range.
    const rows = await this.app.model.ConversationMember.findAll({
      where: {
        conversationId,
        userId: { [Op.gt]: Number(cursor ?? 0), [Op.ne]: senderId },
        joinedSeq: { [Op.lt]: seq },
        readSeq: { [Op.gte]: seq },
      },
      attributes: ['userId'],
      order: ['userId'],
      limit,
      raw: true,
    });
    return pageOf(rows.map(presentReader), rows, limit, ({ userId }) => String(userId));
  }

  private async placeOf(actor: Actor, conversationId: number, seq: number): Promise<MessagePlace> {
    await this.service.conversation.access.membership(actor, conversationId);
    const message = await this.service.message.history.find(actor, conversationId, seq);
    assertAllowed(receiptDenial(message));
    return { conversationId, seq, senderId: message.senderId, sentAt: message.sentAt };
  }
}
