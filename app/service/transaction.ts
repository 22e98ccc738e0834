import { Service } from 'egg';
import { randomUUID } from 'node:crypto';
import type { Transaction } from 'sequelize';
import type { Actor } from '../lib/auth/actor';
import { AppError } from '../schema/errors';
import { newId } from '../lib/database/ids';
import { objectionTo, type Members } from '../lib/message/members';
import { untouched } from '../lib/message/row';
import { presentMessage } from '../presenter/present';
import { append, type NewEntry, type Publication, type Query } from '../lib/stream/stream';
import type { ConversationModel } from '../model/conversation';
import type { SystemContent } from '../schema/message';
import type { EntryData, EntryType } from '../schema/sync';

const TRIES = 5;

/** An entry as a use case tells it: its data is of its type. */
export type Told = { [T in EntryType]: Omit<NewEntry, 'type' | 'data'> & { type: T; data: EntryData<T> } }[EntryType];

/** What a use case has within its transaction. */
export interface Work {
  readonly transaction: Transaction;
  /** Puts an entry into streams: written after all else that the use case does, pushed after the commit. */
  tell(entry: Told): void;
}

/** A conversation whose row the transaction has locked: nobody sends to it or changes its members meanwhile. */
export interface Scene extends Work {
  readonly conversation: ConversationModel;
  /** As they were when the row was locked; of a system conversation the actor alone. */
  readonly members: Members;
}

export default class TransactionService extends Service {
  /**
   * Runs a use case in one transaction. `work` may run several times: a deadlock, a lock wait or an id that exists
   * already rolls everything back and begins again.
   */
  async run<T>(work: (tools: Work) => Promise<T>): Promise<T> {
    const { app } = this;
    for (let attempt = 1; ; attempt++) {
      let publications: Publication[] = [];
      try {
        const result = await app.model.transaction(async transaction => {
          const entries: NewEntry[] = [];
          const value = await work({ transaction, tell: entry => entries.push(entry) });
          // Last, because the locks of the streams come after all others.
          publications = await append(this.queryIn(transaction), entries);
          return value;
        });
        if (publications.length > 0) app.engine.push.publish(publications);
        return result;
      } catch (error) {
        if (attempt === TRIES || !mayRunAgain(error)) throw error;
      }
    }
  }

  /** `run` with an id for a new row. */
  runWithId<T>(work: (id: number, tools: Work) => Promise<T>): Promise<T> {
    return this.run(tools => work(newId(), tools));
  }

  /** `run` in a conversation of the actor's, of that type if one is named. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER. */
  runIn<T>(
    actor: Actor,
    conversationId: number,
    work: (scene: Scene) => Promise<T>,
    type?: ConversationModel['type'],
  ): Promise<T> {
    return this.run(async tools => {
      const scene = await this.lock(tools, actor.app, conversationId, type, [actor.userId]);
      if (!scene.members.index.has(actor.userId)) throw new AppError('NOT_A_MEMBER');
      return work(scene);
    });
  }

  /** Locks a conversation, whoever is in it; `userIds` as in `MemberCache.read`. Throws CONVERSATION_NOT_FOUND. */
  async lock(
    tools: Work,
    app: string,
    id: number,
    type?: ConversationModel['type'],
    userIds?: readonly number[],
  ): Promise<Scene> {
    const { transaction } = tools;
    const conversation = await this.app.model.Conversation.findOne({
      where: { id, app, ...(type && { type }) },
      lock: true,
      transaction,
    });
    if (!conversation) throw new AppError('CONVERSATION_NOT_FOUND');
    const row = { id, type: conversation.type, member_version: conversation.memberVersion };
    const members = await this.app.engine.members.read(this.queryIn(transaction), [row], userIds);
    return { ...tools, conversation, members: members.get(id)! };
  }

  /** Throws MUTED, BLOCKED, NOT_FRIENDS, FORBIDDEN when the actor may not write to the conversation. */
  requireVoice(actor: Actor, { conversation, members }: Scene): void {
    const { type, muteAll } = conversation;
    const friendsOnly = this.app.config.im.singlePolicy === 'friends';
    const code = objectionTo(actor.userId, new Date(), { type, muteAll, friendsOnly }, members);
    if (code) throw new AppError(code);
  }

  /** Puts a line of the server's into a conversation, such as "X invited Y". It does not count as unread. */
  async post({ conversation, transaction, tell }: Scene, receiverIds: readonly number[], content: SystemContent) {
    const { id: conversationId, count } = conversation;
    const seq = conversation.lastSeq + 1;
    const sentAt = new Date(Math.max(Date.now(), conversation.lastAt.getTime()));
    const message = {
      conversationId,
      seq,
      clientMsgId: randomUUID(),
      senderId: 0,
      type: 'system',
      content: JSON.stringify(content),
      replyTo: null,
      mentions: null,
      mentionAll: false,
      extra: null,
      sentAt,
      ...untouched,
    };
    await this.app.model.Message.create({ ...message, count, syncSeq: 0 }, { transaction });
    await conversation.update({ lastSeq: seq, lastAt: sentAt }, { transaction });
    const data = { messages: [presentMessage(message)] };
    tell({ type: 'message.new', receiverIds, conversationId, data, run: { from: seq, to: seq } });
  }

  private queryIn(transaction: Transaction): Query {
    return async statements => {
      const results = [];
      for (const statement of statements) results.push((await this.app.model.query(statement, { transaction }))[0]);
      return results as Record<string, unknown>[][];
    };
  }
}

function mayRunAgain(error: unknown): boolean {
  const { errno, sqlMessage = '' } = (error as { parent?: { errno?: number; sqlMessage?: string } }).parent ?? {};
  return errno === 1213 || errno === 1205 || (errno === 1062 && /PRIMARY'?$/.test(sqlMessage));
}
