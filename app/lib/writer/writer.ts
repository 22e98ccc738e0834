import { literal, select, tuples, upsert, type Select } from '../database/statement';
import { sendDenial, type SendRules } from '../../policy/message';
import { AppError, type ErrorCode } from '../../schema/errors';
import type { CardVersions } from '../delivery/card_versions';
import { CommitQueue, LATER, type Later } from '../queue/commit_queue';
import type { Bounds } from '../queue/fair_queue';
import type { RunUnit, UnitOfWork } from '../unit_of_work';
import { batchOf, sizeOf } from './batch';
import type { LockedConversation, PlacedMessage } from '../message/locked_conversation';
import type { MemberCache } from '../message/members';
import { selectAnswerable, type Answered } from '../message/reader';
import { readAttached, storedContent, type MediaById } from '../media/attachment';
import { fromRow, mentionsOf, MESSAGE_COLUMNS, type MessageRow, type StoredMessage } from '../message/row';
import { conflictWith, isResend, type Send } from './send';

export interface Sent {
  readonly message: StoredMessage;
  /** The place of the message's entry in the sender's own stream. */
  readonly syncSeq: number;
}

export interface WriterOptions {
  readonly queues: number;
  /** Of each queue. */
  readonly bounds: Bounds;
  readonly rules: SendRules;
}

/** Characters of content and `extra` that may wait in a queue. */
const WAITING_SIZE = 16 << 20;

/** The message under the id of a send: the send itself, or another that has taken the id before. */
interface Settled {
  readonly message: StoredMessage;
  readonly isOther: boolean;
}

/** A locked conversation and what this batch adds to it. */
interface Addition {
  readonly conversation: LockedConversation;
  readonly messages: PlacedMessage[];
  /** The last message that mentions a member, by user id. */
  readonly mentioned: Map<number, number>;
}

/**
 * Stores messages by group commit: one transaction holds everything that waits in a queue. A conversation always has the
 * same queue of a process, and the lock of its row orders it among processes.
 */
export class Writer {
  private readonly queues: CommitQueue<Send, Sent>[];

  constructor(
    private readonly run: RunUnit,
    members: MemberCache,
    private readonly cards: CardVersions,
    private readonly options: WriterOptions,
  ) {
    const { queues, bounds } = options;
    const commit = async (sends: readonly Send[]) => {
      const stored = await this.run(unit => this.store(unit, sends));
      return stored.map(each => (each === LATER || each instanceof AppError ? each : resultOf(each)));
    };
    const ownerOf = (send: Send) => send.senderId;
    const queue = { ...bounds, commit, batch: batchOf(members), ownerOf, sizeOf, size: WAITING_SIZE };
    this.queues = Array.from({ length: queues }, () => new CommitQueue(queue));
  }

  /**
   * Resolves when the message and a PushHistory row for each member are committed. The same clientMsgId of the same
   * sender resolves with what was stored first. Throws CONFLICT when that is another message, CONVERSATION_NOT_FOUND,
   * NOT_A_MEMBER, BLOCKED, NOT_FRIENDS, NOT_ANSWERED (by a stranger), MUTED, FORBIDDEN (only the server writes to a system
   * conversation, only owner and admins mention all), MESSAGE_NOT_FOUND (an answer to what the sender may not see),
   * MEDIA_NOT_FOUND (a file that the sender has not uploaded), INVALID_INPUT (a file of another kind, a mention of who is no
   * member), BUSY, UNAVAILABLE.
   */
  send(send: Send): Promise<Sent> {
    return this.queues[send.conversationId % this.queues.length].submit(send);
  }

  async drain(): Promise<void> {
    await Promise.all(this.queues.map(queue => queue.drain()));
  }

  /**
   * Three round trips: lock and look; lock the streams; write and commit. A fourth when members are not known yet, and one ahead
   * of all when messages show files.
   */
  private async store(unit: UnitOfWork, sends: readonly Send[]): Promise<(Settled | Later | AppError)[]> {
    const ids = sends.map(each => each.conversationId);
    const answered = sends.flatMap(each => answeredBy(each) ?? []);
    const answerable = answered.length > 0 ? [selectAnswerable(answered)] : [];
    const unknown = this.cards.selectUnknown(new Set(sends.map(each => each.senderId)));
    const media = await readAttached(unit.session.query, sends);
    const locked = await unit.locks.lock(unit.session.query, ids, [selectKnown(sends), ...answerable, ...unknown]);
    const [known, ...others] = locked.results;
    const rows = others.flat();
    for (const row of rows) if ('card_version' in row) this.cards.learn(row.id, row.card_version);
    const additions = new Map<number, Addition>();
    for (const [id, conversation] of await unit.open(locked.rows)) {
      additions.set(id, { conversation, messages: [], mentioned: new Map() });
    }
    const { rules } = this.options;
    const versionOf = this.cards.of.bind(this.cards);
    const circumstances = {
      known,
      answerable: rows.filter(row => 'seq' in row),
      held: locked.held,
      media,
      rules,
      versionOf,
    };
    const results = decide(sends, additions, circumstances);
    const changed = [...additions.values()].filter(each => each.messages.length > 0);
    if (changed.length > 0) unit.defer(touchMembers(changed));
    for (const addition of changed) {
      unit.append(addition.conversation, addition.messages);
      if (hasNewWriter(addition)) unit.membersChanged(addition.conversation);
    }
    return results;
  }
}

/** What was read for a batch, and the rules of the service. */
interface Circumstances {
  readonly known: readonly MessageRow[];
  /** Of the messages that are answered, those that the senders may see. */
  readonly answerable: readonly Answered[];
  /** Conversations that others hold now. */
  readonly held: ReadonlySet<number>;
  /** Uploads that are sent. */
  readonly media: MediaById;
  readonly rules: SendRules;
  /** The version of a sender's card. */
  readonly versionOf: (userId: number) => number;
}

/** Settles each send: known already, refused, or placed. A repetition within the batch is settled like its first. */
function decide(
  sends: readonly Send[],
  additions: ReadonlyMap<number, Addition>,
  { known, answerable, held, media, rules, versionOf }: Circumstances,
): (Settled | Later | AppError)[] {
  const messages = new Map(known.map(fromRow).map(message => [keyOf(message), message]));
  const seen = new Set(answerable.map(placeOf));
  return sends.map(send => {
    const key = keyOf(send);
    const first = messages.get(key);
    if (first) return { message: first, isOther: !isResend(send, first) };
    if (held.has(send.conversationId)) return LATER;
    const addition = additions.get(send.conversationId);
    if (addition?.conversation.app !== send.app) return new AppError('CONVERSATION_NOT_FOUND');
    const answered = answeredBy(send);
    const answersUnseen = answered !== undefined && !seen.has(placeOf(answered));
    const denial = sendDenial({ ...factsOf(send, addition.conversation), ...rules, answersUnseen });
    if (denial) return refusalOf(denial, send, rules);
    const content = storedContent(send, media);
    if (content instanceof AppError) return content;
    const message = place({ ...send, content }, addition, versionOf(send.senderId));
    messages.set(key, message);
    return { message, isOther: false };
  });
}

function factsOf({ senderId: userId, mentions, mentionAll }: Send, conversation: LockedConversation) {
  const { type, muteAll, at: now, members, lastSeq } = conversation;
  return { userId, now, type, muteAll, members, lastSeq, mentions, mentionAll };
}

function refusalOf(denial: ErrorCode, { replyTo }: Send, { unanswered }: SendRules): AppError {
  const details: Partial<Record<ErrorCode, object>> = {
    MESSAGE_NOT_FOUND: { seqs: [replyTo] },
    NOT_ANSWERED: { limit: unanswered },
  };
  return new AppError(denial, details[denial]);
}

/** Once the streams are written: until then a placed message does not know its place in the sender's. */
function resultOf({ message, isOther }: Settled): Sent | AppError {
  return isOther ? conflictWith(message) : { message, syncSeq: message.syncSeq };
}

/** The message that a send answers, if any. */
function answeredBy({ senderId: user_id, conversationId: conversation_id, replyTo: seq }: Send): Answered | undefined {
  return seq === null ? undefined : { user_id, conversation_id, seq };
}

function placeOf({ user_id, conversation_id, seq }: Answered): string {
  return `${user_id}:${conversation_id}:${seq}`;
}

function keyOf({ senderId, clientMsgId }: { senderId: number; clientMsgId: string }): string {
  return `${senderId}:${clientMsgId.toLowerCase()}`;
}

function place(send: Send, { conversation, messages, mentioned }: Addition, senderVersion: number): PlacedMessage {
  const message = conversation.place({ ...send, mentions: mentionsOf(send.mentions), senderVersion });
  messages.push(message);
  for (const id of send.mentions) mentioned.set(id, message.seq);
  return message;
}

/** Those of these messages that are stored already. Index: message_client_msg_id. */
function selectKnown(sends: readonly Send[]): Select<MessageRow> {
  const keys = tuples(sends.map(each => [each.senderId, each.clientMsgId]));
  return select('message', MESSAGE_COLUMNS, `WHERE (sender_id, client_msg_id) IN (${keys})`);
}

/** Whether somebody writes to another who is no friend for the first time: whom they have not answered may go on now. */
function hasNewWriter({ conversation: { type, members }, messages }: Addition): boolean {
  return type === 'single' && !members.friends && messages.some(({ senderId }) => !members.writers.has(senderId));
}

/**
 * Sending means having read, and having written; who is mentioned is told so in the list. Index: conversation_member PRIMARY, in
 * its order.
 */
function touchMembers(additions: readonly Addition[]): string {
  const rows = additions.flatMap(({ conversation, messages, mentioned }) => {
    const last = new Map(messages.map(message => [message.senderId, message]));
    const userIds = [...new Set([...last.keys(), ...mentioned.keys()])].sort((a, b) => a - b);
    return userIds.map(userId => {
      const { seq = 0, count = 0 } = last.get(userId) ?? {};
      const values = [conversation.id, userId, seq, count, mentioned.get(userId) ?? 0, Number(last.has(userId))];
      return `(${values.join()},${literal(conversation.at)})`;
    });
  });
  const columns = 'conversation_id, user_id, read_seq, read_count, mentioned_seq, has_written, joined_at';
  const moved = ['read_seq', 'read_count', 'mentioned_seq', 'has_written'].map(
    name => `${name} = GREATEST(${name}, VALUES(${name}))`,
  );
  // The mark before the place: MySQL goes from left to right.
  const update = ['marked_unread = IF(VALUES(read_seq) > 0, 0, marked_unread)', ...moved].join();
  return upsert('conversation_member', columns, rows, update);
}
