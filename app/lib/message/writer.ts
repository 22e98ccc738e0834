import { literal, type Database, type Row, type Transaction } from '../database/pool';
import { AppError } from '../../schema/errors';
import { CommitQueue } from '../queue/commit_queue';
import { objectionTo, type MemberCache, type Members } from './members';
import { fromRow, MESSAGE_COLUMNS, toJson, untouched, type StoredMessage } from './row';
import { entryTail, StreamAppender, lockInboxes, type Publication } from '../stream/stream';

/** A message on its way into the store. `content` and `extra` are JSON. */
export interface Send {
  readonly app: string;
  readonly conversationId: number;
  readonly senderId: number;
  readonly clientMsgId: string;
  readonly type: string;
  readonly content: string;
  readonly replyTo: number | null;
  readonly mentions: readonly number[];
  readonly mentionAll: boolean;
  readonly extra: string | null;
}

export interface Sent {
  readonly message: StoredMessage;
  /** The place of the message's entry in the sender's own stream. */
  readonly syncSeq: number;
}

/** A locked conversation and what this batch adds to it. */
interface Run {
  readonly id: number;
  readonly app: string;
  readonly type: string;
  readonly lastSeq: number;
  readonly count: number;
  mentionAllSeq: number;
  readonly muteAll: boolean;
  readonly at: Date;
  readonly members: Members;
  readonly messages: StoredMessage[];
  /** the last message that mentions a member, by user id */
  readonly mentioned: Map<number, number>;
  /** user id, syncSeq, user id, syncSeq …, in the order of the members */
  readonly to: number[];
}

interface Accepted {
  readonly run: Run;
  readonly message: StoredMessage;
}

const BATCH_MESSAGES = 500;
const BATCH_BYTES = 2 << 20;
const BATCH_RECIPIENTS = 20_000;
/** Bytes of all the copies that are pushed when every recipient is online. */
const BATCH_COPIED = 64 << 20;

export interface WriterOptions {
  readonly lanes: number;
  readonly queueMax: number;
  readonly friendsOnly: boolean;
  /** Takes what a batch has committed, after the acks of its senders are under way. */
  readonly publish: (publications: Publication[]) => void;
}

/**
 * Stores messages by group commit: one transaction holds everything that waits in a lane. A conversation always has the
 * same lane of a process, and the lock of its row orders it among processes.
 */
export class Writer {
  private readonly lanes: CommitQueue<Send, Sent>[];

  constructor(
    private readonly database: Database,
    private readonly members: MemberCache,
    private readonly options: WriterOptions,
  ) {
    this.lanes = Array.from({ length: options.lanes }, () => {
      return new CommitQueue<Send, Sent>({
        commit: sends => this.commit(sends),
        take: sends => this.take(sends),
        limit: options.queueMax,
      });
    });
  }

  /**
   * Resolves when the message and a PushHistory row for each member are committed. The same clientMsgId of the same
   * sender resolves with what was stored first. Throws CONVERSATION_NOT_FOUND, NOT_A_MEMBER, BLOCKED, NOT_FRIENDS, MUTED,
   * FORBIDDEN (only the server writes to a system conversation, only owner and admins mention all), INVALID_INPUT (a reply
   * or mention of what is not there), BUSY, UNAVAILABLE.
   */
  send(send: Send): Promise<Sent> {
    return this.lanes[send.conversationId % this.lanes.length].submit(send);
  }

  async drain(): Promise<void> {
    await Promise.all(this.lanes.map(lane => lane.drain()));
  }

  /** How many sends one transaction takes: bounded in messages, bytes and rows, so that none runs for long. */
  private take(sends: readonly Send[]): number {
    let bytes = 0;
    let copied = 0;
    let recipients = 0;
    const seen = new Set<number>();
    const most = Math.min(sends.length, BATCH_MESSAGES);
    for (let count = 0; count < most; count++) {
      const { conversationId, content, extra } = sends[count];
      const size = content.length + (extra?.length ?? 0);
      const members = this.members.size(conversationId);
      bytes += size;
      copied += size * members;
      if (!seen.has(conversationId)) recipients += members;
      seen.add(conversationId);
      if (count > 0 && (bytes > BATCH_BYTES || copied > BATCH_COPIED || recipients > BATCH_RECIPIENTS)) return count;
    }
    return most;
  }

  private async commit(sends: readonly Send[]): Promise<(Sent | AppError)[]> {
    const { decisions, runs } = await this.database.transaction(transaction => this.store(transaction, sends));
    if (runs.length > 0) setImmediate(() => this.options.publish(runs.map(publicationOf)));
    return decisions.map(decision => ('run' in decision ? sentOf(decision) : decision));
  }

  /** Three round trips: lock and look; lock the streams; write and commit. A fourth when members are not known yet. */
  private async store(transaction: Transaction, sends: readonly Send[]) {
    const ids = [...new Set(sends.map(each => each.conversationId))].sort((a, b) => a - b);
    const keys = sends.map(each => `(${each.senderId},${literal(each.clientMsgId)})`);
    const [, conversations, known] = await transaction.query([
      'START TRANSACTION',
      // Index: conversation PRIMARY.
      `SELECT id, app, type, last_seq, count, last_at, mention_all_seq, mute_all, member_version, UTC_TIMESTAMP(3) AS now FROM conversation WHERE id IN (${ids.join()}) ORDER BY id FOR UPDATE`,
      // Index: message_client_msg_id.
      `SELECT ${MESSAGE_COLUMNS} FROM message WHERE (sender_id, client_msg_id) IN (${keys.join()})`,
    ]);
    const members = await this.members.read(statements => transaction.query(statements), conversations);
    const opened = new Map(conversations.map(row => [row.id as number, open(row, members.get(row.id as number)!)]));
    const decisions = decide(sends, opened, known, this.options.friendsOnly);
    const runs = [...opened.values()].filter(run => run.messages.length > 0);
    if (runs.length === 0) {
      await transaction.query(['COMMIT']);
    } else {
      const [, ...inboxes] = await transaction.query([
        touchMembers(runs),
        ...lockInboxes(runs.flatMap(run => run.members.ids)),
      ]);
      const heads = new StreamAppender(inboxes);
      for (const run of runs) {
        const values = `'message.new',${run.id},${run.lastSeq + 1},${run.lastSeq + run.messages.length},NULL,${literal(run.at)}`;
        for (const id of run.members.ids) run.to.push(id, heads.add(id, values));
      }
      await transaction.query([insertMessages(runs), ...heads.statements(), advance(runs), 'COMMIT']);
    }
    return { decisions, runs };
  }
}

function open(row: Row, members: Members): Run {
  return {
    id: row.id as number,
    app: row.app as string,
    type: row.type as string,
    lastSeq: row.last_seq as number,
    count: row.count as number,
    mentionAllSeq: row.mention_all_seq as number,
    muteAll: Boolean(row.mute_all),
    // The database's clock serves all nodes. It was read before the lock was waited for, hence the maximum.
    at: new Date(Math.max((row.now as Date).getTime(), (row.last_at as Date).getTime())),
    members,
    messages: [],
    mentioned: new Map(),
    to: [],
  };
}

/** Settles each send: known already, refused, or accepted into its run. A repetition within the batch is settled alike. */
function decide(
  sends: readonly Send[],
  runs: ReadonlyMap<number, Run>,
  known: readonly Row[],
  friendsOnly: boolean,
): (Sent | Accepted | AppError)[] {
  const settled = new Map<string, Sent | Accepted>();
  for (const row of known) {
    const sent = { message: fromRow(row), syncSeq: row.sync_seq as number };
    settled.set(keyOf(sent.message), sent);
  }
  return sends.map(send => {
    const first = settled.get(keyOf(send));
    if (first) return first;
    const run = runs.get(send.conversationId);
    if (run?.app !== send.app) return new AppError('CONVERSATION_NOT_FOUND');
    const code = objectionTo(send.senderId, run.at, { ...run, friendsOnly }, run.members) ?? flawOf(send, run);
    if (code) return new AppError(code);
    const message: StoredMessage = {
      conversationId: run.id,
      seq: run.lastSeq + run.messages.length + 1,
      clientMsgId: send.clientMsgId,
      senderId: send.senderId,
      type: send.type,
      content: send.content,
      replyTo: send.replyTo,
      mentions: send.mentions.length > 0 ? JSON.stringify(send.mentions.map(String)) : null,
      mentionAll: send.mentionAll,
      extra: send.extra,
      sentAt: run.at,
      ...untouched,
    };
    run.messages.push(message);
    for (const id of send.mentions) run.mentioned.set(id, message.seq);
    if (send.mentionAll) run.mentionAllSeq = message.seq;
    const accepted = { run, message };
    settled.set(keyOf(send), accepted);
    return accepted;
  });
}

function keyOf({ senderId, clientMsgId }: { senderId: number; clientMsgId: string }): string {
  return `${senderId}:${clientMsgId.toLowerCase()}`;
}

/** What is wrong with a message from somebody who may write. */
function flawOf({ senderId, replyTo, mentions, mentionAll }: Send, run: Run): AppError['code'] | undefined {
  if (replyTo !== null && replyTo > run.lastSeq + run.messages.length) return 'INVALID_INPUT';
  if (mentions.some(id => !run.members.index.has(id))) return 'INVALID_INPUT';
  return mentionAll && !run.members.admins.has(senderId) ? 'FORBIDDEN' : undefined;
}

function sentOf({ run, message }: Accepted): Sent {
  return { message, syncSeq: syncSeqOf(run, message.senderId) };
}

function syncSeqOf(run: Run, userId: number): number {
  return run.to[run.members.index.get(userId)! * 2 + 1];
}

function publicationOf(run: Run): Publication {
  const data = `{"messages":[${run.messages.map(toJson).join()}]}`;
  return { tail: entryTail('message.new', run.id, data, run.at), to: run.to };
}

/** Sending means having read; who is mentioned is told so in the list. Index: conversation_member PRIMARY, in its order. */
function touchMembers(runs: readonly Run[]): string {
  const rows = runs.flatMap(({ id, lastSeq, count, at, messages, mentioned }) => {
    const last = new Map(messages.map((message, index) => [message.senderId, index + 1]));
    const userIds = [...new Set([...last.keys(), ...mentioned.keys()])].sort((a, b) => a - b);
    return userIds.map(userId => {
      const index = last.get(userId);
      const read = index === undefined ? '0,0' : `${lastSeq + index},${count + index}`;
      return `(${id},${userId},${read},${mentioned.get(userId) ?? 0},${literal(at)})`;
    });
  });
  return `INSERT INTO conversation_member (conversation_id, user_id, read_seq, read_count, mentioned_seq, joined_at) VALUES ${rows.join()} ON DUPLICATE KEY UPDATE marked_unread = IF(VALUES(read_seq) > 0, 0, marked_unread), read_seq = GREATEST(read_seq, VALUES(read_seq)), read_count = GREATEST(read_count, VALUES(read_count)), mentioned_seq = GREATEST(mentioned_seq, VALUES(mentioned_seq))`;
}

function insertMessages(runs: readonly Run[]): string {
  const rows = runs.flatMap(run =>
    run.messages.map((message, index) => {
      const { seq, senderId, clientMsgId, type, content, replyTo, mentions, extra, sentAt } = message;
      const values = [clientMsgId, type, content, replyTo, mentions, extra, sentAt].map(literal).join();
      return `(${run.id},${seq},${run.count + index + 1},${senderId},${syncSeqOf(run, senderId)},${Number(message.mentionAll)},${values})`;
    }),
  );
  return `INSERT INTO message (conversation_id, seq, count, sender_id, sync_seq, mention_all, client_msg_id, type, content, reply_to, mentions, extra, sent_at) VALUES ${rows.join()}`;
}

/** Index: conversation PRIMARY. The columns without a use here are those an INSERT would need; the row is always there. */
function advance(runs: readonly Run[]): string {
  const rows = runs.map(run => {
    const added = run.messages.length;
    const at = literal(run.at);
    return `(${run.id},'','',${run.lastSeq + added},${run.count + added},${run.mentionAllSeq},${at},${at})`;
  });
  return `INSERT INTO conversation (id, app, type, last_seq, count, mention_all_seq, last_at, created_at) VALUES ${rows.join()} ON DUPLICATE KEY UPDATE last_seq = VALUES(last_seq), count = VALUES(count), mention_all_seq = VALUES(mention_all_seq), last_at = VALUES(last_at)`;
}
