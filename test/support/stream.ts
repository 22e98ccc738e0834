import type { EntryData, EntryType } from '../../app/schema/sync';
import type { Person } from './person';
import type { Entry } from './replica';

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
