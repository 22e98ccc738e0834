import { Service } from 'egg';
import type { Transaction } from 'sequelize';
import type { Actor } from '../../lib/auth/actor';
import { readOver } from '../../lib/database/sequelize';
import { chunks, sql } from '../../lib/database/statement';
import { AppError } from '../../schema/errors';
import { countNotices, LISTED, MENTIONED, UNREAD, type NoticePlace } from '../../lib/receipt/unread';
import type { ReadState, UnreadTotal } from '../../schema/conversation';

/** What is unread of several conversations together; of a system conversation, `noticesId`, alone. */
interface Sum {
  readonly noticesId: number | null;
  readonly muted: number;
  readonly unread: string;
  readonly mentioned: number;
  readonly readSeq: number;
  readonly marked: number;
}

interface Unread extends Omit<NoticePlace, 'userId'> {
  readonly lastSeq: number;
  readonly isSystem: number;
  readonly marked: number;
}

/** Reads of one user that are asked for at once: they share a transaction, and leave room for those of others. */
const READS = 100;

/** What a user has not read in all conversations. */
export default class ConversationUnreadService extends Service {
  /** The sums of what the list shows. */
  async total(actor: Actor): Promise<UnreadTotal> {
    const { userId } = actor;
    await this.app.engine.broadcasts.deliver([actor]);
    // Index: conversation_member_user, then conversation PRIMARY.
    const sums = await this.app.engine.database.select(
      sql<Sum>(`SELECT IF(c.type = 'system', c.id, NULL) AS noticesId, m.notify = 'none' AS muted,
        SUM(GREATEST(${UNREAD}, m.marked_unread)) AS unread, MAX(${MENTIONED}) AS mentioned,
        MAX(m.read_seq) AS readSeq, MAX(m.marked_unread) AS marked
      FROM conversation_member m JOIN conversation c ON c.id = m.conversation_id
      WHERE m.user_id = ${userId} AND ${LISTED} GROUP BY noticesId, muted`),
    );
    const places = sums.flatMap(({ noticesId, readSeq }) =>
      noticesId ? [{ conversationId: noticesId, userId, readSeq }] : [],
    );
    const noticesOf = await this.countNotices(places);
    const unreadOf = ({ noticesId, unread, marked }: Sum) =>
      noticesId ? Math.max(noticesOf(noticesId), marked) : Number(unread);
    const add = (muted: number) =>
      sums.filter(sum => sum.muted === muted).reduce((total, sum) => total + unreadOf(sum), 0);
    return { total: add(0), muted: add(1), mentioned: sums.some(sum => sum.mentioned) };
  }

  /** Throws what `Reads.read` throws. */
  read({ app, userId }: Actor, conversationId: number, seq: number): Promise<ReadState> {
    return this.app.engine.reads.read({ app, userId, conversationId, seq });
  }

  /** Reads everything that is there now. It may be asked for again when it fails half-way. Throws BUSY, UNAVAILABLE. */
  async readAll({ app, userId }: Actor): Promise<void> {
    for (const slice of chunks(await this.find(userId), READS)) {
      const reads = slice.map(({ conversationId, lastSeq: seq }) =>
        this.app.engine.reads.read({ app, userId, conversationId, seq }).catch(passOverLeft),
      );
      await Promise.all(reads);
    }
  }

  /** How many notices are unread, by system conversation. */
  async countNotices(
    places: readonly NoticePlace[],
    transaction?: Transaction,
  ): Promise<(conversationId: number) => number> {
    if (places.length === 0) return () => 0;
    const read = readOver(this.app.engine.database, this.app.model, transaction);
    const rows = await read(countNotices(places));
    const counts = new Map(rows.map(row => [row.conversation_id, row.unread]));
    return conversationId => counts.get(conversationId) ?? 0;
  }

  /** The conversations that have something unread or are marked, and their last places. */
  private async find(userId: number): Promise<Unread[]> {
    // Index: conversation_member_user, then conversation PRIMARY.
    const rows = await this.app.engine.database.select(
      sql<Unread>(`SELECT c.id AS conversationId, c.last_seq AS lastSeq, m.read_seq AS readSeq, c.type = 'system' AS isSystem,
        m.marked_unread AS marked
      FROM conversation_member m JOIN conversation c ON c.id = m.conversation_id
      WHERE m.user_id = ${userId} AND (m.marked_unread OR IF(c.type = 'system', c.last_seq > m.read_seq, ${UNREAD} > 0))`),
    );
    const systems = rows.filter(row => row.isSystem);
    const places = systems.map(({ conversationId, readSeq }) => ({ conversationId, userId, readSeq }));
    const noticesOf = await this.countNotices(places);
    return rows.filter(row => row.marked || !row.isSystem || noticesOf(row.conversationId) > 0);
  }
}

/** The user has left the conversation, or it has ended, in the meantime. */
function passOverLeft(error: unknown): void {
  const isLeft = error instanceof AppError && ['NOT_A_MEMBER', 'CONVERSATION_NOT_FOUND'].includes(error.code);
  if (!isLeft) throw error;
}
