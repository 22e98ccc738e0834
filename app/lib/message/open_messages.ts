import type { Results } from '../database/statement';
import { AppError } from '../../schema/errors';
import type { LockedConversation } from './locked_conversation';
import { countPins, countReactions, keyOf, putMarks, selectMarks, takeMark, type Mark } from './marks';
import { moveMentions, settleMentions } from './mentions';
import { selectAnswerable } from './reader';
import { fromRow, type StoredMessage } from './row';
import { ERASED, erase, rewrite, type Erasure, type Text } from './store';
import { selectHidden, selectLater, selectWithSender, type Unseen } from './viewers';

/** What a change of messages is about, so that all that it has to know can be read ahead of it. */
export interface Subject {
  readonly userId: number;
  readonly seqs: readonly number[];
  /** Those that the change may put or take away. */
  readonly marks?: readonly Mark[];
  /** All who see the messages are told. */
  readonly isTold?: boolean;
}

/** What the changes of a conversation have to know of its messages: one round trip for all of them, that of the lock. */
export function selectOpen(id: number, subjects: readonly Subject[]) {
  const seqsOf = (some: readonly Subject[]) => [...new Set(some.flatMap(each => each.seqs))];
  const told = seqsOf(subjects.filter(each => each.isTold));
  const marks = subjects.flatMap(each => each.marks ?? []);
  const wanted = subjects.flatMap(({ userId, seqs }) =>
    seqs.map(seq => ({ user_id: userId, conversation_id: id, seq })),
  );
  return [
    selectWithSender(id, seqsOf(subjects)),
    selectAnswerable(wanted),
    selectLater(id, told),
    selectHidden(id, told),
    selectMarks(marks),
    countReactions(id, marks),
    countPins(id),
  ] as const;
}

/** A message, and whether the owner of the group has written it. */
type OpenMessage = StoredMessage & { readonly isOfOwner: boolean };

/**
 * Messages of a locked conversation as they are within its transaction: changes that share it read nothing anew, and each finds
 * what those before it have done.
 */
export class OpenMessages {
  private readonly messages: Map<number, OpenMessage>;
  /** `user seq` of what each user sees. */
  private readonly seen: Set<string>;
  /** Up to where members see nothing. */
  private readonly later: readonly Unseen[];
  /** What users have deleted for themselves. */
  private readonly hidden: Unseen[];
  private readonly marks: Set<string>;
  /** Reactions of each message, and how many users have reacted so. */
  private readonly reactions = new Map<number, Map<string, number>>();
  private pinCount: number;
  private readonly viewers = new Map<number, readonly number[]>();

  constructor(
    private readonly conversation: LockedConversation,
    [messages, seen, later, hidden, marks, reactions, [{ pins }]]: Results<ReturnType<typeof selectOpen>>,
  ) {
    this.later = later;
    this.hidden = hidden;
    this.messages = new Map(messages.map(row => [row.seq, { ...fromRow(row), isOfOwner: row.of_owner === 1 }]));
    this.seen = new Set(seen.map(row => placeOf(row.user_id, row.seq)));
    this.marks = new Set(marks.map(row => `${row.table} ${row.key}`));
    for (const { seq, reaction, users } of reactions) this.reactionsOf(seq).set(reaction, users);
    this.pinCount = pins;
  }

  /** Messages in ascending seq, tombstones among them. Throws MESSAGE_NOT_FOUND with those that the user may not see. */
  findAll(userId: number, seqs: readonly number[]): OpenMessage[] {
    const isSeen = (seq: number) => this.seen.has(placeOf(userId, seq)) && !this.messages.get(seq)?.deletedAt;
    const missing = seqs.filter(seq => !isSeen(seq));
    if (missing.length > 0) throw new AppError('MESSAGE_NOT_FOUND', { seqs: missing });
    return [...seqs].sort((a, b) => a - b).map(seq => this.messages.get(seq)!);
  }

  /** One message, which may be a tombstone. Throws MESSAGE_NOT_FOUND. */
  find(userId: number, seq: number): OpenMessage {
    return this.findAll(userId, [seq])[0];
  }

  /** One that is not recalled. Throws MESSAGE_NOT_FOUND. */
  findStanding(userId: number, seq: number): OpenMessage {
    const message = this.find(userId, seq);
    if (message.recalledAt) throw new AppError('MESSAGE_NOT_FOUND', { seqs: [seq] });
    return message;
  }

  /** Gives a message another text. Returns it, and the statements that do so. */
  rewrite(seq: number, text: Text): { readonly message: StoredMessage; readonly statements: string[] } {
    const before = this.messages.get(seq)!;
    const message = this.replace(seq, text);
    return { message, statements: [rewrite(message, text), ...moveMentions(this.conversation, before, message)] };
  }

  /** Erases messages with their marks. Returns the statements that do so. */
  erase(seqs: readonly number[], erasure: Erasure): string[] {
    const { conversation } = this;
    // Most mention nobody: no row of a member is looked at for them.
    const mentioning = seqs.filter(seq => isMentioning(this.messages.get(seq)!));
    for (const seq of seqs) {
      this.replace(seq, { ...ERASED, ...erasure });
      if (this.marks.delete(`message_pin ${conversation.id} ${seq}`)) this.pinCount--;
    }
    const settled = mentioning.length > 0 ? settleMentions(conversation, mentioning) : [];
    return [...erase(conversation, seqs, erasure), ...settled];
  }

  has(mark: Mark): boolean {
    return this.marks.has(nameOf(mark));
  }

  /** The different reactions that a message has. */
  reactionsTo(seq: number): string[] {
    return [...this.reactionsOf(seq).keys()];
  }

  get pins(): number {
    return this.pinCount;
  }

  /** Puts marks of one kind, at least one, that are not there. Returns the statement that does so. */
  put(marks: readonly Mark[]): string {
    for (const mark of marks) {
      this.marks.add(nameOf(mark));
      this.count(mark, 1);
      if (mark.table === 'message_hidden') this.hide(mark);
    }
    return putMarks(marks, this.conversation.at);
  }

  /** Takes a mark away that is there. Returns the statement that does so. */
  take(mark: Mark): string {
    this.marks.delete(nameOf(mark));
    this.count(mark, -1);
    return takeMark(mark);
  }

  /**
   * The members who are told of a change of a message: all but those who came, or cleared the history, after it, and those
   * who have deleted it for themselves, to whom it would come back.
   */
  viewersOf(seq: number): readonly number[] {
    const known = this.viewers.get(seq);
    if (known) return known;
    const { ids } = this.conversation.members;
    const unseen = [...this.later.filter(row => row.seq >= seq), ...this.hidden.filter(row => row.seq === seq)];
    const blind = new Set(unseen.map(row => row.user_id));
    const viewers = blind.size > 0 ? ids.filter(id => !blind.has(id)) : ids;
    this.viewers.set(seq, viewers);
    return viewers;
  }

  private replace(seq: number, changes: Partial<StoredMessage>): StoredMessage {
    const message = { ...this.messages.get(seq)!, ...changes };
    this.messages.set(seq, message);
    return message;
  }

  private reactionsOf(seq: number): Map<string, number> {
    const reactions = this.reactions.get(seq) ?? new Map<string, number>();
    this.reactions.set(seq, reactions);
    return reactions;
  }

  private hide({ user_id, seq }: Mark): void {
    this.seen.delete(placeOf(user_id, seq));
    this.hidden.push({ user_id, seq });
    this.viewers.delete(seq);
  }

  private count({ table, seq, reaction = '' }: Mark, step: 1 | -1): void {
    if (table === 'message_pin') this.pinCount += step;
    if (table !== 'message_reaction') return;
    const reactions = this.reactionsOf(seq);
    const users = (reactions.get(reaction) ?? 0) + step;
    if (users > 0) reactions.set(reaction, users);
    else reactions.delete(reaction);
  }
}

function isMentioning({ mentions, mentionAll }: StoredMessage): boolean {
  return mentions !== null || mentionAll;
}

function placeOf(userId: number, seq: number): string {
  return `${userId} ${seq}`;
}

function nameOf(mark: Mark): string {
  return `${mark.table} ${keyOf(mark)}`;
}
