import { Service } from 'egg';
import type { Transaction } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { readOver } from '../../lib/database/sequelize';
import { literal, sql } from '../../lib/database/statement';
import { selectBefore, selectLast } from '../../lib/message/last_message';
import { fromRow } from '../../lib/message/row';
import { presentConversation, type ConversationRow } from '../../presenter/conversation';
import { presentMessage } from '../../presenter/message';
import { presentSettings } from '../../presenter/settings';
import { LISTED, MENTIONED, TOLD, UNREAD } from '../../lib/receipt/unread';
import type { Conversation, ListConversations } from '../../schema/conversation';
import type { Json } from '../../schema/json';
import type { Message } from '../../schema/message';
import { pageWithin, partsOf, type Page } from '../../schema/page';

/** A row of the list. */
interface Listed extends ConversationRow {
  /** The history begins after this message for the user. */
  readonly fromSeq: number;
  /** The unread messages; those of a system conversation are counted instead. */
  readonly unread: number;
}

/** A place in the list. */
type Place = Pick<Listed, 'pinned' | 'lastAt' | 'id'>;

/** A user's conversations, as that user sees them. */
export default class ConversationListService extends Service {
  /**
   * A page of conversations: pinned ones first, then the latest activity. The stream tells of those that move up
   * meanwhile.
   */
  async page(actor: Actor, { cursor, limit }: ListConversations): Promise<Page<Conversation>> {
    const { userId } = actor;
    const start = cursor === undefined ? undefined : placeOf(cursor);
    await this.app.engine.broadcasts.deliver([actor]);
    const read = async (most: number, last?: Place) => {
      const rows = await this.listAfter(userId, most, last ?? start);
      return { rows, items: await this.present(userId, rows) };
    };
    const bounds = { limit, bytes: this.app.config.im.pageBytes };
    return pageWithin(bounds, read, last => `${last.pinned}-${last.lastAt.getTime()}-${last.id}`);
  }

  private listAfter(userId: number, limit: number, last?: Place): Promise<Listed[]> {
    const after = last ? `AND (m.pinned_at IS NOT NULL, c.last_at, c.id) < (${placeAsSql(last)})` : '';
    return this.select(userId, `AND ${LISTED} ${after}`, limit);
  }

  /** One conversation, listed or not. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER. */
  async show(actor: Actor, conversationId: number): Promise<Json<Conversation>> {
    const rows = await this.find(actor.userId, conversationId);
    if (rows.length > 0) return (await this.present(actor.userId, rows))[0];
    await this.service.conversation.access.membership(actor, conversationId);
    // A member by now, who has joined between the two looks.
    return this.show(actor, conversationId);
  }

  /** The data of `conversation.updated`, read within the transaction that has changed the conversation. */
  async state(userId: number, conversationId: number, transaction: Transaction) {
    const [row] = await this.find(userId, conversationId, transaction);
    const unreadOf = await this.countUnread(userId, [row], transaction);
    return { settings: presentSettings(row), readSeq: row.readSeq, unread: unreadOf(row) };
  }

  private find(userId: number, id: number, transaction?: Transaction): Promise<Listed[]> {
    return this.select(userId, `AND m.conversation_id = ${id}`, 1, transaction);
  }

  /**
   * Index: conversation_member_user, which holds all that is asked of it, then conversation PRIMARY: the cost is the number of
   * the user's conversations. All else is read by primary key, for the page alone. In this order, because a draft among what is
   * sorted would take the sorting to the disk.
   */
  private select(userId: number, condition: string, limit: number, transaction?: Transaction): Promise<Listed[]> {
    const read = readOver(this.app.engine.database, this.app.model, transaction);
    return read(
      sql<Listed>(
        `SELECT c.id, c.type, ${TOLD} AS lastSeq, c.last_at AS lastAt, m.read_seq AS readSeq,
          GREATEST(m.joined_seq, m.cleared_seq) AS fromSeq, ${UNREAD} AS unread, ${MENTIONED} AS mentioned,
          page.pinned, m.notify, m.draft, m.marked_unread AS markedUnread, c.last_seq < m.hidden_seq AS hidden,
          m.role, m.muted_until AS mutedUntil, c.mute_all AS muteAll,
          m.cleared_seq AS clearedSeq, COALESCE(peer.user_id, ${userId}) AS peerId, peer.read_seq AS peerReadSeq,
          GREATEST(peer.delivered_seq, peer.read_seq) AS deliveredSeq,
          COALESCE(g.name, u.name) AS name, COALESCE(g.avatar, u.avatar) AS avatar, u.card_version AS peerVersion
        FROM (
          SELECT m.conversation_id AS id, m.pinned_at IS NOT NULL AS pinned, c.last_at, IF(c.type = 'single', c.id, NULL) AS single_id
          FROM conversation_member m FORCE INDEX (conversation_member_user)
          STRAIGHT_JOIN conversation c ON c.id = m.conversation_id
          WHERE m.user_id = ${userId} ${condition}
          ORDER BY pinned DESC, c.last_at DESC, c.id DESC LIMIT ${limit}
        ) page
        STRAIGHT_JOIN conversation c ON c.id = page.id
        STRAIGHT_JOIN conversation_member m ON m.conversation_id = page.id AND m.user_id = ${userId}
        STRAIGHT_JOIN user_inbox i ON i.user_id = ${userId}
        LEFT JOIN chat_group g ON g.id = page.id
        LEFT JOIN conversation_member peer ON peer.conversation_id = page.single_id AND peer.user_id <> ${userId}
        LEFT JOIN user u ON u.id = IF(page.single_id IS NULL, NULL, COALESCE(peer.user_id, ${userId}))
        ORDER BY page.pinned DESC, page.last_at DESC, page.id DESC`,
      ),
    );
  }

  private async present(userId: number, rows: readonly Listed[]): Promise<Json<Conversation>[]> {
    const [unreadOf, lastMessages] = await Promise.all([
      this.countUnread(userId, rows),
      this.lastMessages(userId, rows),
    ]);
    return rows.map(row => presentConversation(row, { unread: unreadOf(row), lastMessage: lastMessages.get(row.id) }));
  }

  /** The latest message of each conversation that the user may see. */
  private async lastMessages(userId: number, rows: readonly Listed[]): Promise<Map<number, Json<Message>>> {
    const found = new Map<number, Json<Message>>();
    for (const select of [selectLast, selectBefore]) {
      const spans = rows.filter(row => row.lastSeq > row.fromSeq && !found.has(row.id));
      if (spans.length === 0) break;
      const messages = await this.app.engine.database.select(select(userId, spans));
      for (const row of messages) found.set(row.conversation_id, presentMessage(fromRow(row)));
    }
    return found;
  }

  private async countUnread(
    userId: number,
    rows: readonly Listed[],
    transaction?: Transaction,
  ): Promise<(row: Listed) => number> {
    const systems = rows.filter(row => row.type === 'system');
    // What comes meanwhile is in the stream, and counted by who follows it from the `lastSeq` that is shown.
    const places = systems.map(({ id, readSeq, lastSeq }) => ({ conversationId: id, userId, readSeq, lastSeq }));
    const noticesOf = await this.service.conversation.unread.countNotices(places, transaction);
    return ({ id, type, unread }) => (type === 'system' ? noticesOf(id) : unread);
  }
}

function placeAsSql({ pinned, lastAt, id }: Place): string {
  return [pinned, lastAt, id].map(literal).join();
}

/** Throws INVALID_INPUT. */
function placeOf(cursor: string): Place {
  const [pinned, at, id] = partsOf(cursor, /^([01])-(\d{1,13})-(\d{1,16})$/).map(Number);
  return { pinned, lastAt: new Date(at), id };
}
