import { Service } from 'egg';
import type { Transaction } from 'sequelize';
import { chunks } from '../lib/database/statement';
import { AppError, invalidInput } from '../schema/errors';
import { newId } from '../lib/database/ids';
import type { ModelUnit } from '../lib/engine';
import { requireFree } from '../lib/message/conversation_locks';
import type { LockedConversation } from '../lib/message/locked_conversation';
import { broadcastKey, mailboxKey, noticeId } from '../lib/delivery/broadcasts';
import { presentNoticePlace } from '../presenter/notice';
import type { NoticeContent } from '../schema/content';
import type { SendNotice, SentNotice } from '../schema/notice';

/** Receivers of one transaction. */
const RECEIVERS = 200;

/** Where a notice goes: the conversation of a tenant, or of one user. */
interface Target {
  readonly singleKey: string;
  readonly userId?: number;
  readonly clientMsgId: string;
}

/** A target and its conversation, whose row is locked. */
interface Opened extends Target {
  readonly conversation: LockedConversation;
}

/** What the server tells users. */
export default class NoticeService extends Service {
  /**
   * Sends a notice to users, or to all of a tenant, which is one row however many they are. The same call again answers
   * the same and adds what is missing, should the first have been cut off. Throws USER_NOT_FOUND before anything is stored,
   * INVALID_INPUT (out of date already), TOO_LARGE.
   */
  async send({ app = 'default', to, clientMsgId, ...content }: SendNotice): Promise<SentNotice['notices']> {
    this.requireSize(content);
    const target = (singleKey: string) => ({ singleKey, clientMsgId: noticeId(clientMsgId, app, singleKey) });
    if (to === 'all') {
      const sent = await this.store(app, [target(broadcastKey(app))], content);
      this.app.engine.broadcasts.announce(app);
      return sent;
    }
    await this.service.account.directory.requireUsers(app, to.userIds);
    const sent: SentNotice['notices'] = [];
    for (const slice of chunks(to.userIds, RECEIVERS)) {
      const targets = slice.map(userId => ({ userId, ...target(mailboxKey(userId)) }));
      sent.push(...(await this.store(app, targets, content)));
    }
    return sent;
  }

  /** Makes a new user one of those who get notices to all, from the next on. Returns how far that is. */
  async enter(userId: number, app: string, transaction: Transaction): Promise<number> {
    const { Conversation, ConversationMember } = this.app.model;
    const broadcast = await Conversation.findOne({ where: { singleKey: broadcastKey(app) }, raw: true, transaction });
    if (!broadcast) return 0;
    const { id: conversationId, lastSeq, count: readCount } = broadcast;
    // Hidden, because there is nothing in it for them before the next.
    const places = { joinedSeq: lastSeq, readSeq: lastSeq, hiddenSeq: lastSeq + 1, readCount };
    await ConversationMember.create({ conversationId, userId, ...places, joinedAt: new Date() }, { transaction });
    return lastSeq;
  }

  /** Throws TOO_LARGE. */
  private requireSize(content: NoticeContent): void {
    const limit = this.app.config.im.contentMaxBytes;
    const size = Buffer.byteLength(JSON.stringify(content));
    if (size > limit) throw new AppError('TOO_LARGE', { path: 'content', size, limit });
  }

  /** Stores a notice for each target that does not have it yet. Returns the place of each. */
  private store(app: string, targets: readonly Target[], content: NoticeContent): Promise<SentNotice['notices']> {
    return this.app.engine.transact(async unit => {
      const opened = await this.open(unit, app, targets);
      // Index: message_client_msg_id. Under the locks, so that the same call at the same time finds what this one stores.
      const known = await this.app.model.Message.findAll({
        where: { senderId: 0, clientMsgId: targets.map(each => each.clientMsgId) },
        attributes: ['clientMsgId', 'seq'],
        transaction: unit.session.transaction,
        raw: true,
      });
      const seqs = new Map(known.map(({ clientMsgId, seq }) => [clientMsgId, seq]));
      const fresh = opened.filter(each => !seqs.has(each.clientMsgId));
      await this.write(unit, fresh, content);
      return opened.map(({ userId, clientMsgId, conversation: { id: conversationId, lastSeq } }) =>
        presentNoticePlace({ userId, conversationId, seq: seqs.get(clientMsgId) ?? lastSeq }),
      );
    });
  }

  /** Locks the conversations of the targets. Those that are not there are made. */
  private async open(unit: ModelUnit, app: string, targets: readonly Target[]): Promise<Opened[]> {
    const keys = targets.map(each => each.singleKey).sort();
    const ids = await this.findOrCreate(unit, app, keys);
    const locked = await unit.locks.lock(unit.session.query, ids.values(), []);
    requireFree(locked);
    const conversations = await unit.open(locked.rows);
    return targets.map(each => ({ ...each, conversation: conversations.get(ids.get(each.singleKey)!)! }));
  }

  /** The ids of the conversations with these keys. */
  private async findOrCreate(unit: ModelUnit, app: string, keys: readonly string[]): Promise<Map<string, number>> {
    const { Conversation } = this.app.model;
    const { transaction } = unit.session;
    const where = { singleKey: [...keys] };
    for (;;) {
      const found = await Conversation.findAll({ where, attributes: ['id', 'singleKey'], transaction, raw: true });
      const known = new Map(found.map(({ singleKey, id }) => [singleKey!, id]));
      const missing = keys.filter(key => !known.has(key));
      if (missing.length === 0) return known;
      const lastAt = await unit.now();
      const rows = missing.map(singleKey => ({ id: newId(), app, type: 'system' as const, singleKey, lastAt }));
      // What somebody else makes at the same time is passed over and found, an id that is taken is tried anew.
      await Conversation.bulkCreate(rows, { ignoreDuplicates: true, transaction });
    }
  }

  /** Adds one message to each of the conversations, and its entry to the stream of the user whom it is to. */
  private async write(unit: ModelUnit, opened: readonly Opened[], content: NoticeContent): Promise<void> {
    const expiresAt = content.expiresAt ? new Date(content.expiresAt) : null;
    const members = [];
    for (const { userId, clientMsgId, conversation } of opened) {
      const { id: conversationId, at, lastSeq } = conversation;
      if (expiresAt && expiresAt <= at) {
        throw invalidInput('/expiresAt', 'that time has passed');
      }
      const receiverIds = userId === undefined ? [] : [userId];
      unit.say(conversation, receiverIds, { clientMsgId, type: 'notice', content: JSON.stringify(content), expiresAt });
      // One that had nothing in it was made just now.
      if (userId !== undefined && lastSeq === 0) members.push({ conversationId, userId, joinedAt: at });
    }
    const { transaction } = unit.session;
    await this.app.model.ConversationMember.bulkCreate(members, { transaction });
  }
}
