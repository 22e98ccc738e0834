import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { SystemContent } from '../schema/content';
import { retrying } from './database/retry';
import type { Begin, Session } from './database/session';
import { SELECT_NOW, type Results } from './database/statement';
import {
  LockedConversation,
  type ConversationRow,
  type Draft,
  type PlacedMessage,
} from './message/locked_conversation';
import { ConversationLocks, requireFree } from './message/conversation_locks';
import type { MemberCache } from './message/members';
import { advance, insertMessages } from './message/store';
import { FanOut } from './stream/fan_out';
import { lockStreams, StreamAppender } from './stream/appender';
import { messagesEntry, type NewEntry, type Publication } from './stream/entry';

/** What the server writes has no sender, nobody answers to it, and it names nobody. */
const OF_SERVER = { senderId: 0, replyTo: null, mentions: null, mentionAll: false, extra: null };

/** A notice, or a line of the system. */
type ServerDraft = Pick<Draft, 'clientMsgId' | 'type' | 'content' | 'expiresAt'>;

/**
 * One transaction, and the one way to write: conversations are locked first, what has to be received is recorded on the way, and
 * at the end messages are stored and entries appended to the streams, whose locks come after all others. The database's
 * clock dates everything.
 */
export class UnitOfWork<S extends Session = Session> {
  private readonly appender = new StreamAppender();
  private readonly entries: NewEntry[] = [];
  /** The messages of entries that are to be stored. */
  private readonly placed = new Map<NewEntry, readonly PlacedMessage[]>();
  private readonly advanced = new Set<LockedConversation>();
  private readonly statements: string[] = [];
  private time?: Date;

  constructor(
    readonly session: S,
    private readonly members: MemberCache,
    readonly locks: ConversationLocks,
  ) {}

  /** The time of this transaction. */
  async now(): Promise<Date> {
    this.time ??= (await this.session.query([SELECT_NOW]))[0][0].now;
    return this.time;
  }

  /** Locks a conversation, if it is there; `userIds` as in `MemberCache.read`. */
  async find(id: number, userIds: readonly number[] = []): Promise<LockedConversation | undefined> {
    const locked = await this.locks.lock(this.session.query, [id], []);
    requireFree(locked);
    return (await this.open(locked.rows, userIds)).get(id);
  }

  /** Conversations by id, from the rows that have locked them; `userIds` as in `MemberCache.read`. */
  async open(rows: readonly ConversationRow[], userIds?: readonly number[]): Promise<Map<number, LockedConversation>> {
    const members = await this.members.read(this.session.query, rows, userIds);
    this.time ??= rows.at(0)?.now;
    return new Map(rows.map(row => [row.id, new LockedConversation(row, members.get(row.id)!)]));
  }

  /** Has statements run at the end, before streams are locked. */
  defer(...statements: readonly string[]): void {
    this.statements.push(...statements);
  }

  /** Says that members, roles, mutes, blocks or a friendship have changed: they are read anew from then on. */
  membersChanged({ id }: LockedConversation): void {
    this.defer(`UPDATE conversation SET member_version = member_version + 1 WHERE id = ${id}`);
  }

  /** Puts an entry into streams at the end. What is recorded first comes first in a stream. */
  record(entry: NewEntry): void {
    this.entries.push(entry);
  }

  /** Has messages that `conversation.place` has placed, at least one, stored and received. */
  append(
    conversation: LockedConversation,
    messages: readonly PlacedMessage[],
    receiverIds: readonly number[] = conversation.members.ids,
  ): void {
    this.advanced.add(conversation);
    const entry = { ...messagesEntry('message.new', messages, receiverIds), conversation: conversation.kind };
    this.placed.set(entry, messages);
    this.record(entry);
  }

  /** Puts something into a conversation that the server says. Returns it. */
  say(conversation: LockedConversation, receiverIds: readonly number[], draft: ServerDraft): PlacedMessage {
    const message = conversation.place({ ...OF_SERVER, ...draft });
    this.append(conversation, [message], receiverIds);
    return message;
  }

  /** Puts a line of the system into a group, such as "X invited Y". */
  post(conversation: LockedConversation, receiverIds: readonly number[], content: SystemContent): void {
    this.say(conversation, receiverIds, {
      clientMsgId: randomUUID(),
      type: 'system',
      content: JSON.stringify(content),
    });
  }

  /**
   * Locks streams ahead of the end, for an entry that says what is in them, which `selects` read behind the locks: it returns their
   * results. Nothing but these streams may be locked, and no other stream be recorded for, after it.
   */
  async lockStreams<const L extends readonly string[] = []>(
    userIds: Iterable<number>,
    selects = [] as readonly string[] as L,
  ): Promise<Results<L>> {
    const locks = lockStreams(userIds);
    const statements = [SELECT_NOW, ...locks, ...selects] as const;
    const [clock, ...results] = await this.session.query(statements, this.statements.splice(0));
    this.time ??= clock[0].now;
    this.appender.locked(results.slice(0, locks.length) as Results<typeof locks>);
    return results.slice(locks.length) as Results<L>;
  }

  /** Writes what was recorded and commits. What it returns is to be pushed. */
  async commit(): Promise<Publication[]> {
    if (this.time && this.appender.isEmpty && areForTheSame(this.entries)) return this.fanOut(this.time);
    const receiverIds = this.entries.flatMap(entry => entry.receiverIds).filter(id => !this.appender.holds(id));
    if (receiverIds.length > 0) await this.lockReceivers(receiverIds);
    const publications = this.entries.map(entry => {
      const publication = this.appender.append(entry, this.timeOf(entry, this.time!));
      this.learnPlaces(entry, publication);
      return publication;
    });
    const messages = this.placed.size > 0 ? [insertMessages([...this.placed.values()].flat())] : [];
    await this.session.commit([...this.statements, ...messages, ...this.appender.statements(), ...this.ends()]);
    return publications;
  }

  /** Writes entries that are all for the same users, and commits: one round trip, where others need the ends of the streams first. */
  private async fanOut(time: Date): Promise<Publication[]> {
    const { entries } = this;
    const fanOut = new FanOut(entries.map(entry => ({ entry, at: this.timeOf(entry, time) })));
    const messages = [...this.placed].map(([entry, placed]) =>
      insertMessages(placed, ({ senderId }) => fanOut.placeOf(entries.indexOf(entry), senderId)),
    );
    const statements = [...this.statements, ...fanOut.move(), ...messages, ...fanOut.write(), ...this.ends()];
    const publications = fanOut.publications(await this.session.commit(statements, fanOut.read()));
    entries.forEach((entry, index) => this.learnPlaces(entry, publications[index]));
    return publications;
  }

  private ends(): string[] {
    return this.advanced.size > 0 ? [advance([...this.advanced])] : [];
  }

  /** As `lockStreams`, which has to ask for the time too where no conversation was locked. */
  private async lockReceivers(userIds: readonly number[]): Promise<void> {
    if (!this.time) await this.lockStreams(userIds);
    else this.appender.locked(await this.session.query(lockStreams(userIds), this.statements.splice(0)));
  }

  private timeOf(entry: NewEntry, time: Date): Date {
    return this.placed.get(entry)?.at(-1)?.sentAt ?? time;
  }

  /** Tells messages where they are in the streams of their senders. */
  private learnPlaces(entry: NewEntry, { to }: Publication): void {
    const messages = this.placed.get(entry) ?? [];
    const places = new Map(messages.map(({ senderId }) => [senderId, 0]));
    for (let index = 0; places.size > 0 && index < to.length; index += 2) {
      if (places.has(to[index])) places.set(to[index], to[index + 1]);
    }
    for (const message of messages) message.syncSeq = places.get(message.senderId)!;
  }
}

/** Whether there are entries, and all have the same receivers. */
function areForTheSame(entries: readonly NewEntry[]): boolean {
  if (entries.length === 0) return false;
  const ids = entries[0].receiverIds;
  return entries.every(({ receiverIds }) => receiverIds === ids || isDeepStrictEqual(receiverIds, ids));
}

/** Runs a use case, or a batch, in a unit of work of its own, which is committed when it is done. */
export type RunUnit<S extends Session = Session> = <T>(work: (unit: UnitOfWork<S>) => Promise<T>) => Promise<T>;

/**
 * The way to run units of work over a driver. `work` may run several times: a deadlock, a lock wait or an id that is taken
 * rolls everything back and begins again. What was recorded is published after the commit, when those who wait for it have
 * been answered.
 */
export function unitsOver<S extends Session>(
  begin: Begin<S>,
  members: MemberCache,
  publish: (publications: Publication[]) => void,
  locks = new ConversationLocks(),
): RunUnit<S> {
  return async work => {
    const { value, publications } = await retrying(() =>
      begin(async session => {
        const unit = new UnitOfWork(session, members, locks);
        const value = await work(unit);
        return { value, publications: await unit.commit() };
      }),
    );
    if (publications.length > 0) setImmediate(() => publish(publications));
    return value;
  };
}
