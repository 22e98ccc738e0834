import type { Read } from '../database/session';
import { narrowed, type Stretch } from '../message/place_in_time';
import { conditionOf, isGivenUp, selectIn, type Found, type Wanted } from './condition';

/** Messages of the first statement. While statements are quick, each looks at twice as many as the one before. */
const FIRST = 1000;
const MOST = 20_000;
const QUICK_MS = 25;
/** Conversations of one statement. */
const RANGES = 300;
/** After this no statement is begun. */
const SCAN_MS = 200;

/** Looks through conversations, one after the other, each from its end, until there is enough or the work was enough. */
export class Scan {
  /** In the order of the conversations, the latest messages of each first. */
  readonly found: Found[] = [];
  private rows = FIRST;
  private narrowed = 0;
  private readonly condition: string;

  /** @param left what has not been looked at yet, none of it empty; @param budget how many messages may be */
  constructor(
    private readonly read: Read,
    public left: readonly Stretch[],
    private readonly wanted: Wanted,
    private budget: number,
  ) {
    this.condition = conditionOf(wanted);
  }

  /** Finds at least `limit` where there is as much. */
  async run(limit: number): Promise<void> {
    const end = Date.now() + SCAN_MS;
    do {
      await this.narrow();
      await this.step();
    } while (this.left.length > 0 && this.found.length < limit && this.budget > 0 && Date.now() < end);
  }

  private async step(): Promise<void> {
    const { taken, left, size } = take(this.left, Math.min(this.rows, this.budget));
    const began = Date.now();
    try {
      const rows = taken.length > 0 ? await this.read(selectIn(taken, this.condition)) : [];
      this.found.push(...inOrder(rows, taken));
    } catch (error) {
      if (!isGivenUp(error) || this.rows === 1) throw error;
      this.rows = Math.ceil(this.rows / 10);
      return this.step();
    }
    this.left = left;
    this.budget -= size;
    if (Date.now() - began < QUICK_MS) this.rows = Math.min(this.rows * 2, MOST);
  }

  /** Passes over what the times exclude of a long conversation. */
  private async narrow(): Promise<void> {
    const [first, ...others] = this.left;
    const { from, until } = this.wanted;
    if ((!from && !until) || first.id === this.narrowed || first.upTo - first.above <= FIRST) return;
    this.narrowed = first.id;
    this.left = [await narrowed(this.read, first, { from, until }), ...others];
  }
}

/** The first messages of stretches, as many as asked for, and what is left. */
function take(stretches: readonly Stretch[], messages: number): { taken: Stretch[]; left: Stretch[]; size: number } {
  const taken: Stretch[] = [];
  const left = [...stretches];
  let size = 0;
  while (size < messages && left.length > 0 && taken.length < RANGES) {
    const { id, above, upTo } = left[0];
    const from = Math.max(above, upTo - (messages - size));
    if (upTo > from) taken.push({ id, above: from, upTo });
    size += Math.max(0, upTo - from);
    if (from === above) left.shift();
    else left[0] = { id, above, upTo: from };
  }
  return { taken, left, size };
}

/** The order of a page: that of the conversations, the latest messages of each first. */
export function inOrder(found: readonly Found[], conversations: readonly Stretch[]): Found[] {
  const places = new Map(conversations.map(({ id }, index) => [id, index]));
  return [...found].sort((a, b) => places.get(a.id)! - places.get(b.id)! || b.seq - a.seq);
}
