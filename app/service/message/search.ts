import { Service } from 'egg';
import type { Actor } from '../../lib/auth/actor';
import type { Read } from '../../lib/database/session';
import { literal, select, sql } from '../../lib/database/statement';
import { invalidInput } from '../../schema/errors';
import type { Stretch } from '../../lib/message/place_in_time';
import { fromRow, MESSAGE_COLUMNS, SHOWN } from '../../lib/message/row';
import { presentMessage } from '../../presenter/message';
import { Scan } from '../../lib/search/scan';
import { conditionOf, wordsOf, type Found, type Wanted } from '../../lib/search/condition';
import { findByIndex } from '../../lib/search/word_index';
import type { Json } from '../../schema/json';
import type { Message } from '../../schema/message';
import type { SearchMessages } from '../../schema/search';
import { partsOf, type Page } from '../../schema/page';

/** What of a conversation is to be searched, and when it was last active, in milliseconds since 1970. */
interface Place extends Stretch {
  readonly at: number;
}

/** Where a page begins: below `seq` of a conversation, in the order in which conversations were when the first one was made. */
interface Position extends Found {
  /** The latest activity in any conversation then. */
  readonly began: number;
  readonly at: number;
}

/** Where a conversation was in that order is looked for in its latest messages, this many. */
const LATER = 100;

export default class SearchService extends Service {
  /**
   * A page of the actor's messages that hold all words of `q`, if there are some: conversations by latest activity, in each the latest
   * messages first. It may hold less than `limit`, even nothing, and still have a next one: the work of a call is bounded.
   * Throws INVALID_INPUT (no such cursor, nothing to search by), CONVERSATION_NOT_FOUND, NOT_A_MEMBER, BUSY.
   */
  async find(actor: Actor, { q, cursor, limit, conversationId, ...filter }: SearchMessages): Promise<Page<Message>> {
    if (q === undefined && conversationId === undefined && filter.type === undefined) {
      throw invalidInput('/q', 'needed without conversationId and type');
    }
    const start = positionOf(cursor);
    if (conversationId) await this.service.conversation.access.membership(actor, conversationId);
    return this.app.engine.searches.run(actor.userId, async read => {
      const places = await this.places(read, actor, { conversationId, from: filter.from }, start);
      if (places.length === 0) return { items: [] };
      const wanted = { userId: actor.userId, words: wordsOf(q ?? ''), ...filter };
      const { found, left } = await this.look(read, places, wanted, limit);
      const page = found.slice(0, limit);
      const next = found.length > limit ? page.at(-1) : left[0] && { id: left[0].id, seq: left[0].upTo + 1 };
      const began = start?.began ?? places[0].at;
      return { items: await this.show(read, page), ...(next && { nextCursor: cursorOf(next, began, places) }) };
    });
  }

  /** The actor's conversations from a position on. Index: conversation_member_user, then conversation PRIMARY. */
  private async places(
    read: Read,
    { userId }: Actor,
    { conversationId, from }: Pick<SearchMessages, 'conversationId' | 'from'>,
    start?: Position,
  ): Promise<Place[]> {
    const rows = await read(
      sql<Stretch & { at: Date }>(
        `SELECT c.id, c.last_at AS at, GREATEST(m.joined_seq, m.cleared_seq, c.purged_seq) AS above, c.last_seq AS upTo
        FROM conversation_member m JOIN conversation c ON c.id = m.conversation_id
        WHERE m.user_id = ${userId} ${conversationId ? `AND c.id = ${conversationId}` : ''}`,
      ),
    );
    const now = rows.map(row => ({ ...row, at: row.at.getTime() }));
    const places = start ? await this.asTheyWere(read, now, start.began) : now;
    places.sort((a, b) => b.at - a.at || b.id - a.id);
    const since = from ? Date.parse(from) : 0;
    return (start ? placesFrom(places, start) : places).filter(({ above, upTo, at }) => above < upTo && at >= since);
  }

  /**
   * Activity since the first page does not count, so that a conversation that is active meanwhile is neither passed over nor
   * searched twice. Where there has been too much of it, the conversation is passed over unless it is at hand.
   */
  private async asTheyWere(read: Read, places: readonly Place[], began: number): Promise<Place[]> {
    const ranges = places
      .filter(({ at }) => at > began)
      .map(({ id, upTo }) => `(conversation_id = ${id} AND seq > ${Math.max(0, upTo - LATER)})`);
    if (ranges.length === 0) return [...places];
    // Index: message PRIMARY, a range for each conversation.
    const rows = await read(
      sql<{ id: number; at: Date }>(
        `SELECT conversation_id AS id, MAX(sent_at) AS at FROM message
        WHERE (${ranges.join(' OR ')}) AND sent_at <= ${literal(new Date(began))} GROUP BY conversation_id`,
      ),
    );
    const before = new Map(rows.map(({ id, at }) => [id, at.getTime()]));
    return places.map(place => ({ ...place, at: before.get(place.id) ?? place.at }));
  }

  /** What is found, at least `limit` where there is as much, and what has not been looked at. */
  private async look(read: Read, places: readonly Place[], wanted: Wanted, limit: number) {
    const scan = new Scan(read, places, wanted, this.app.config.im.searchRows);
    await scan.run(limit);
    const { found, left } = scan;
    if (found.length >= limit || left.length === 0) return { found, left };
    const rest = await findByIndex(read, wanted.words, left, conditionOf(wanted));
    return rest ? { found: [...found, ...rest], left: [] } : { found, left };
  }

  /** Index: message PRIMARY. What has been taken back since it was found is left out. */
  private async show(read: Read, page: readonly Found[]): Promise<Json<Message>[]> {
    if (page.length === 0) return [];
    const keys = page.map(({ id, seq }) => `(${id},${seq})`);
    const found = `WHERE (conversation_id, seq) IN (${keys.join()}) AND recalled_at IS NULL AND ${SHOWN}`;
    const rows = await read(select('message', MESSAGE_COLUMNS, found));
    const messages = new Map(rows.map(row => [`(${row.conversation_id},${row.seq})`, presentMessage(fromRow(row))]));
    return keys.flatMap(key => messages.get(key) ?? []);
  }
}

/** Throws INVALID_INPUT. */
function positionOf(cursor?: string): Position | undefined {
  if (cursor === undefined) return undefined;
  const [began, at, id, seq] = partsOf(cursor, /^(\d{1,13})-(\d{1,13})-(\d{1,16})-(\d{1,16})$/).map(Number);
  return { began, at, id, seq };
}

/** What comes after a position, the rest of its own conversation first. */
function placesFrom(places: readonly Place[], { id, seq, at }: Position): Place[] {
  const own = places.filter(place => place.id === id);
  const later = places.filter(place => place.id !== id && (place.at < at || (place.at === at && place.id < id)));
  return [...own.map(place => ({ ...place, at, upTo: Math.min(place.upTo, seq - 1) })), ...later];
}

function cursorOf({ id, seq }: Found, began: number, places: readonly Place[]): string {
  const { at } = places.find(place => place.id === id)!;
  return `${began}-${at}-${id}-${seq}`;
}
