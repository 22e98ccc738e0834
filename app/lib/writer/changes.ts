import { AppError } from '../../schema/errors';
import type { Session } from '../database/session';
import type { LockedConversation } from '../message/locked_conversation';
import type { MemberCache } from '../message/members';
import { CommitQueue } from '../queue/commit_queue';
import type { Bounds } from '../queue/fair_queue';
import type { JobQueue } from '../queue/job_queue';
import type { RunUnit, UnitOfWork } from '../unit_of_work';

/** Changes of one conversation in one transaction, and the rows that they may write into streams. */
const CHANGES = 50;
const RECIPIENTS = 20_000;

/** What somebody does to a conversation. It may run several times. */
export interface Change<S extends Session, T = void> {
  readonly app: string;
  readonly userId: number;
  readonly type?: LockedConversation['type'];
  /** May share a transaction with other changes: it changes no members and places no messages. */
  readonly isShared: boolean;
  readonly work: (conversation: LockedConversation, unit: UnitOfWork<S>) => Promise<T>;
}

/**
 * Runs changes of conversations. For each conversation there is one transaction at a time, and those that wait for it meanwhile
 * share the next one where they can: a hundred reactions at once take a few connections, locks and commits, not a hundred.
 */
export class Changes<S extends Session> {
  private readonly queues = new Map<number, CommitQueue<Change<S>, undefined>>();

  constructor(
    private readonly runUnit: RunUnit<S>,
    private readonly jobs: JobQueue,
    private readonly members: MemberCache,
    private readonly bounds: Bounds,
  ) {}

  /** Resolves when the change is committed. Throws what it throws, CONVERSATION_NOT_FOUND, BUSY. */
  async run<T>(conversationId: number, change: Change<S, T>): Promise<T> {
    const queue = this.queues.get(conversationId) ?? this.queueOf(conversationId);
    this.queues.set(conversationId, queue);
    let result: { readonly value: T } | undefined;
    const work: Change<S>['work'] = async (conversation, unit) => {
      result = { value: await change.work(conversation, unit) };
    };
    try {
      await queue.submit({ ...change, work });
      return result!.value;
    } finally {
      if (queue.isIdle) this.queues.delete(conversationId);
    }
  }

  async drain(): Promise<void> {
    await Promise.all([...this.queues.values()].map(queue => queue.drain()));
  }

  private queueOf(id: number): CommitQueue<Change<S>, undefined> {
    return new CommitQueue({
      ...this.bounds,
      ownerOf: change => change.userId,
      batch: () => this.batchOf(id),
      commit: changes => this.jobs.run(`conversation ${id}`, () => this.runUnit(unit => runAll(unit, id, changes))),
    });
  }

  private batchOf(id: number) {
    let changes = 0;
    let isOpen = true;
    return ({ isShared }: Change<S>): boolean => {
      const fits = isOpen && (isShared || changes === 0);
      isOpen = fits && isShared;
      changes++;
      return fits && changes <= CHANGES && changes * this.members.size(id) <= RECIPIENTS;
    };
  }
}

/** Runs changes one after the other; one that is refused leaves nothing behind, and the others stand. */
async function runAll<S extends Session>(
  unit: UnitOfWork<S>,
  id: number,
  changes: readonly Change<S>[],
): Promise<(undefined | AppError)[]> {
  const userIds = changes.map(each => each.userId);
  const conversation = await unit.find(id, userIds);
  const results: (undefined | AppError)[] = [];
  for (const { app, type, work } of changes) {
    if (conversation?.app !== app || (type && conversation.type !== type)) {
      results.push(new AppError('CONVERSATION_NOT_FOUND'));
    } else if (changes.length > 1) {
      results.push(await unit.attempt(() => work(conversation, unit)));
    } else {
      await work(conversation, unit);
      results.push(undefined);
    }
  }
  return results;
}
