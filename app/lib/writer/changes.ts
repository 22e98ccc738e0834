import { AppError } from '../../schema/errors';
import type { Session } from '../database/session';
import { requireFree } from '../message/conversation_locks';
import type { LockedConversation } from '../message/locked_conversation';
import type { MemberCache } from '../message/members';
import { OpenMessages, selectOpen, type Subject } from '../message/open_messages';
import { CommitQueue } from '../queue/commit_queue';
import type { Bounds } from '../queue/fair_queue';
import type { JobQueue } from '../queue/job_queue';
import type { RunUnit, UnitOfWork } from '../unit_of_work';

/** Changes of one conversation in one transaction, the messages that they name, and the rows that they may write into streams. */
const CHANGES = 50;
const MESSAGES = 100;
const RECIPIENTS = 20_000;

/** Who does something to a conversation, which has to be of that type if one is named. */
interface By {
  readonly app: string;
  readonly userId: number;
  readonly type?: LockedConversation['type'];
}

/** What somebody does to a conversation, in a transaction of its own. It may run several times. */
export interface Change<S extends Session, T = void> extends By {
  readonly work: (conversation: LockedConversation, unit: UnitOfWork<S>) => Promise<T>;
}

/**
 * What somebody does to messages of a conversation, and may do in one transaction with others: it changes no members and places no
 * messages, what it has to know is read ahead, and it throws before it changes anything. It may run several times.
 */
export interface MessageChange<T = void> extends By {
  readonly subject: Subject;
  readonly work: (conversation: LockedConversation, unit: UnitOfWork, messages: OpenMessages) => T | Promise<T>;
}

type AnyChange<S extends Session> = Change<S> | MessageChange;

/**
 * Runs changes of conversations. For each conversation there is one transaction at a time, and those that wait for it meanwhile
 * share the next one where they can: a hundred reactions at once take a few connections, locks and commits, not a hundred.
 */
export class Changes<S extends Session> {
  private readonly queues = new Map<number, CommitQueue<AnyChange<S>, undefined>>();

  /** @param runShared runs what changes messages alone */
  constructor(
    private readonly runUnit: RunUnit<S>,
    private readonly runShared: RunUnit,
    private readonly jobs: JobQueue,
    private readonly members: MemberCache,
    private readonly bounds: Bounds,
  ) {}

  /** Resolves when the change is committed. Throws what it throws, CONVERSATION_NOT_FOUND, BUSY. */
  run<T>(conversationId: number, change: Change<S, T>): Promise<T> {
    return this.submit<T>(conversationId, keep => {
      const work: Change<S>['work'] = async (conversation, unit) => keep(await change.work(conversation, unit));
      return { ...change, work };
    });
  }

  /** The same for a change of messages. */
  runMessages<T>(conversationId: number, change: MessageChange<T>): Promise<T> {
    return this.submit<T>(conversationId, keep => {
      const work: MessageChange['work'] = async (...given) => keep(await change.work(...given));
      return { ...change, work };
    });
  }

  async drain(): Promise<void> {
    await Promise.all([...this.queues.values()].map(queue => queue.drain()));
  }

  private async submit<T>(id: number, keeping: (keep: (value: T) => void) => AnyChange<S>): Promise<T> {
    const queue = this.queues.get(id) ?? this.queueOf(id);
    this.queues.set(id, queue);
    let result: { readonly value: T } | undefined;
    try {
      await queue.submit(keeping(value => (result = { value })));
      return result!.value;
    } finally {
      if (queue.isIdle) this.queues.delete(id);
    }
  }

  private queueOf(id: number): CommitQueue<AnyChange<S>, undefined> {
    const commit = (changes: readonly AnyChange<S>[]) => {
      const [first] = changes;
      const shared = changes.filter(change => 'subject' in change);
      return 'subject' in first
        ? this.runShared(unit => runShared(unit, id, shared))
        : this.runUnit(unit => runAlone(unit, id, first));
    };
    return new CommitQueue({
      ...this.bounds,
      ownerOf: change => change.userId,
      batch: () => this.batchOf(id),
      commit: changes => this.jobs.run(`conversation ${id}`, () => commit(changes)),
    });
  }

  private batchOf(id: number) {
    let changes = 0;
    let messages = 0;
    let isOpen = true;
    return (change: AnyChange<S>): boolean => {
      const isShared = 'subject' in change;
      const fits = isOpen && (isShared || changes === 0);
      isOpen = fits && isShared;
      changes++;
      messages += isShared ? change.subject.seqs.length : 0;
      return fits && changes <= CHANGES && messages <= MESSAGES && changes * this.members.size(id) <= RECIPIENTS;
    };
  }
}

async function runAlone<S extends Session>(unit: UnitOfWork<S>, id: number, change: Change<S>): Promise<[undefined]> {
  const conversation = await unit.find(id, [change.userId]);
  await change.work(requireFor(change, conversation), unit);
  return [undefined];
}

/** Runs changes one after the other. One that is refused has changed nothing, and the others stand. */
async function runShared(
  unit: UnitOfWork,
  id: number,
  changes: readonly MessageChange[],
): Promise<(undefined | AppError)[]> {
  const subjects = changes.map(each => each.subject);
  const locked = await unit.locks.lock(unit.session.query, [id], selectOpen(id, subjects));
  requireFree(locked);
  const userIds = changes.map(each => each.userId);
  const conversation = (await unit.open(locked.rows, userIds)).get(id);
  const messages = conversation && new OpenMessages(conversation, locked.results);
  const results: (undefined | AppError)[] = [];
  for (const change of changes) {
    try {
      await change.work(requireFor(change, conversation), unit, messages!);
      results.push(undefined);
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'UNAVAILABLE') throw error;
      results.push(error);
    }
  }
  return results;
}

function requireFor({ app, type }: By, conversation: LockedConversation | undefined): LockedConversation {
  if (conversation?.app !== app || (type && conversation.type !== type)) throw new AppError('CONVERSATION_NOT_FOUND');
  return conversation;
}
