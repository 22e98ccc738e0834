import { Service } from 'egg';
import { QueryTypes } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { receiptDenial } from '../../policy/message';
import { presentReader, presentReceiptCount, type ReceiptCountRow } from '../../presenter/receipt';
import { assertAllowed } from '../../schema/errors';
import type { ListReaders, Reader, ReceiptCount } from '../../schema/message';
import { pageOf, type Page } from '../../schema/page';

/** A condition for the members whom a message was for: those who were there when it was sent, except its sender. */
const RECIPIENTS = 'conversation_id = :conversationId AND joined_seq < :seq AND user_id <> :senderId';

/** Receipts of messages. They are counted when somebody asks, from how far each member has got and read. */
export default class MessageReceiptService extends Service {
  /**
   * Counts who has got and read a message. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, MESSAGE_NOT_FOUND, FORBIDDEN (a
   * notice).
   */
  async count(actor: Actor, conversationId: number, seq: number): Promise<ReceiptCount> {
    const replacements = await this.placeOf(actor, conversationId, seq);
    // Index: conversation_member PRIMARY, one range. A message that is read is delivered.
    const [row] = await this.app.model.query<ReceiptCountRow>(
      `SELECT COUNT(*) AS total, SUM(read_seq >= :seq) AS \`read\`, SUM(GREATEST(delivered_seq, read_seq) >= :seq) AS delivered
      FROM conversation_member WHERE ${RECIPIENTS}`,
      { type: QueryTypes.SELECT, replacements },
    );
    return presentReceiptCount(row);
  }

  /** A page of the members who have read a message, in order of id. Throws what `count` throws. */
  async listReaders(
    actor: Actor,
    conversationId: number,
    seq: number,
    { cursor, limit }: ListReaders,
  ): Promise<Page<Reader>> {
    const place = await this.placeOf(actor, conversationId, seq);
    // Index: conversation_member PRIMARY, one range.
    const rows = await this.app.model.query<{ userId: number }>(
      `SELECT user_id AS userId FROM conversation_member
      WHERE ${RECIPIENTS} AND read_seq >= :seq AND user_id > :after ORDER BY user_id LIMIT :limit`,
      { type: QueryTypes.SELECT, replacements: { ...place, after: Number(cursor ?? 0), limit } },
    );
    return pageOf(rows.map(presentReader), rows, limit, ({ userId }) => String(userId));
  }

  private async placeOf(actor: Actor, conversationId: number, seq: number) {
    await this.service.conversation.access.membership(actor, conversationId);
    const message = await this.service.message.history.find(actor, conversationId, seq);
    assertAllowed(receiptDenial(message));
    return { conversationId, seq, senderId: message.senderId };
  }
}
