import { Cache } from './cache';
import type { Row, Transaction } from './database';

/** Who is in a conversation: user ids in ascending order, and each one's place in that order. */
export interface Members {
  readonly version: number;
  readonly ids: readonly number[];
  readonly index: ReadonlyMap<number, number>;
}

const UNSEEN = 200;
/** Member entries held in all; a group of 2,000 and a thousand single conversations weigh the same. */
const CAPACITY = 500_000;

/**
 * The members of recent conversations. It can not be stale: whoever changes members raises `member_version` in the same
 * transaction, under the lock of the conversation's row, and a list is used only for the version read under that lock.
 */
export class MemberCache {
  private readonly lists = new Cache<number, Members>(CAPACITY);

  /** How many members the conversation had when last seen; a guess that suits groups when it was not. */
  size(conversationId: number): number {
    return this.lists.get(conversationId)?.ids.length ?? UNSEEN;
  }

  /** The members of each conversation; `conversations` are rows of id and member_version, locked by `transaction`. */
  async read(transaction: Transaction, conversations: readonly Row[]): Promise<Map<number, Members>> {
    const result = new Map<number, Members>();
    const missing = new Map<number, number>();
    for (const { id, member_version: version } of conversations as { id: number; member_version: number }[]) {
      const list = this.lists.get(id);
      if (list?.version === version) result.set(id, list);
      else missing.set(id, version);
    }
    if (missing.size > 0) {
      // Index: conversation_member PRIMARY.
      const [rows] = await transaction.query([
        `SELECT conversation_id, user_id FROM conversation_member WHERE conversation_id IN (${[...missing.keys()].join()}) ORDER BY conversation_id, user_id`,
      ]);
      const ids = new Map<number, number[]>([...missing.keys()].map(id => [id, []]));
      for (const row of rows) ids.get(row.conversation_id as number)!.push(row.user_id as number);
      for (const [id, version] of missing) {
        const list = listOf(version, ids.get(id)!);
        result.set(id, list);
        this.lists.set(id, list, 1 + list.ids.length);
      }
    }
    return result;
  }
}

function listOf(version: number, ids: readonly number[]): Members {
  return { version, ids, index: new Map(ids.map((id, index) => [id, index])) };
}
