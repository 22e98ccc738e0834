import type { EntryData, EntryType } from '../../app/schema/sync';
import type { Person } from './person';
import type { Entry } from './replica';
import { app, select } from './service';

/** Somebody's whole stream. */
export async function streamOf(someone: Person): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (;;) {
    const page = await someone.ask('sync.pull', { query: { after: entries.length, limit: 500 } });
    entries.push(...page.entries);
    if (!page.hasMore) return entries;
  }
}

/** What an entry carries if it is of that type. */
export function dataOf<T extends EntryType>(entry: Entry, type: T): EntryData<T> | undefined {
  return entry.type === type ? entry.data : undefined;
}

/** Which history the streams are part of. */
export async function epoch(): Promise<string> {
  const [row] = await select('SELECT epoch FROM stream_epoch');
  return String(row.epoch);
}

/** Has somebody's stream end earlier, as after a failover that has lost what came last. */
export async function setBack(userId: string, head: number): Promise<void> {
  await app.model.query('DELETE FROM push_history WHERE receiver_id = :userId AND sync_seq > :head', {
    replacements: { userId, head },
  });
  await app.model.UserInbox.update({ lastSeq: head }, { where: { userId } });
}
