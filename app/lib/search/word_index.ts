import type { Read } from '../database/session';
import { literal, sql } from '../database/statement';
import type { Stretch } from '../message/place_in_time';
import { BOUNDED, type Found } from './condition';
import { inOrder } from './scan';

/** Whether the operator has made the index of words that MySQL can have (docs/search.md). */
const SELECT_INDEX = sql<object>(
  `SELECT 1 FROM information_schema.statistics
  WHERE table_schema = DATABASE() AND table_name = 'message' AND index_name = 'message_words'`,
);

/**
 * All that meets a condition in conversations that were left when a scan had done enough: words that are so rare are what
 * the index is for. Undefined when it can not tell: there is none, or it took too long. It holds pairs of characters.
 */
export async function findByIndex(
  read: Read,
  words: readonly string[],
  stretches: readonly Stretch[],
  condition: string,
): Promise<Found[] | undefined> {
  const phrases = words.flatMap(word => word.match(/[\p{L}\p{N}]{2,}/gu) ?? []);
  if (phrases.length === 0 || (await read(SELECT_INDEX)).length === 0) return undefined;
  const terms = literal(phrases.map(phrase => `+"${phrase}"`).join(' '));
  const ids = stretches.map(({ id }) => id).join();
  // Index: message_words. Every match in the table is looked at, whoever's it is.
  const statement = sql<Found>(
    `${BOUNDED} conversation_id AS id, seq FROM message
    WHERE MATCH (words) AGAINST (${terms} IN BOOLEAN MODE) AND conversation_id IN (${ids}) AND ${condition}`,
  );
  try {
    const byId = new Map(stretches.map(stretch => [stretch.id, stretch]));
    const found = await read(statement);
    const isLeft = ({ id, seq }: Found) => seq > byId.get(id)!.above && seq <= byId.get(id)!.upTo;
    return inOrder(found.filter(isLeft), stretches);
  } catch {
    return undefined;
  }
}
