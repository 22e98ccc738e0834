import type { Read } from '../database/session';
import { select } from '../database/statement';
import { CURRENT, fromRow, MESSAGE_COLUMNS, type StoredMessage } from '../message/row';

/** Messages of a conversation that follow each other, first and last included. */
export interface Run {
  readonly conversationId: number;
  readonly from: number;
  readonly to: number;
}

export function lengthOf({ from, to }: Run): number {
  return to - from + 1;
}

/** The messages of each of these runs, by one SELECT; those that are out of date are missing. */
export async function readRuns(read: Read, runs: readonly Run[]): Promise<(run: Run) => StoredMessage[]> {
  if (runs.length === 0) return () => [];
  const ranges = joined(runs).map(
    ({ conversationId, from, to }) => `(conversation_id = ${conversationId} AND seq BETWEEN ${from} AND ${to})`,
  );
  // Index: message PRIMARY, a range for each.
  const rows = await read(select('message', MESSAGE_COLUMNS, `WHERE (${ranges.join(' OR ')}) AND ${CURRENT}`));
  const messages = new Map(rows.map(row => [`${row.conversation_id}:${row.seq}`, fromRow(row)]));
  return ({ conversationId, from, to }) => {
    const run: StoredMessage[] = [];
    for (let seq = from; seq <= to; seq++) {
      const message = messages.get(`${conversationId}:${seq}`);
      if (message) run.push(message);
    }
    return run;
  };
}

/** The same messages in as few ranges as possible: those of one conversation that follow each other are one. */
function joined(runs: readonly Run[]): Run[] {
  const sorted = [...runs].sort((a, b) => a.conversationId - b.conversationId || a.from - b.from);
  const ranges: Run[] = [];
  for (const run of sorted) {
    const last = ranges.at(-1);
    if (last?.conversationId !== run.conversationId || run.from > last.to + 1) ranges.push(run);
    else if (run.to > last.to) ranges[ranges.length - 1] = { ...last, to: run.to };
  }
  return ranges;
}
