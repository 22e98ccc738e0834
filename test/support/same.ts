import assert from 'node:assert/strict';
import { until, type Client, type Place, type Reading, type Store } from 'egg-im-client';
import { isDeepStrictEqual } from 'node:util';
import type { Installation } from './installation';
import type { Person } from './person';
import {
  contentsOfServer,
  contentsOfStore,
  conversationsOfClient,
  conversationsOfServer,
  listsOfServer,
  listsOfStore,
} from './store_state';

const PATIENCE_MS = 30_000;
const VIEW_MS = 3000;
/** Others go on meanwhile: then what was compared is of two times. */
const TRIES = 20;

/** Waits until an installation has everything, and compares what it holds with what the server answers. */
export async function assertSame(installation: Installation): Promise<void> {
  for (let tries = 1; ; tries++) {
    const head = await reach(installation);
    const difference = await compare(installation).catch((error: unknown) => error);
    if (difference === undefined) return;
    if (tries === TRIES || isDeepStrictEqual(await headOf(installation), head)) throw withLog(difference, installation);
  }
}

function withLog(error: unknown, { log, person }: Installation): Error {
  const about = error instanceof Error ? error.message : String(error);
  return new Error(`user ${person.id}: ${about}\n${log.slice(-15).join('\n')}`);
}

export async function headOf({ person }: Pick<Installation, 'person'>): Promise<Place> {
  const { head: last, epoch } = await person.call('sync.pull', { after: 0, limit: 1 });
  return { last, epoch };
}

/** Everything is sent and told, and the stream applied up to its head. Resolves with that. */
async function reach(installation: Installation): Promise<Place> {
  const { store, tabs } = installation;
  await store
    .until(async t => {
      const item = (await t.list('outbox')).find(each => each.state !== 'failed');
      if (item) return `${item.state} message ${JSON.stringify(item)}`;
      const intent = (await t.list('intents')).at(0);
      return intent && `what is to be told: ${JSON.stringify(intent)}`;
    }, PATIENCE_MS)
    .catch((error: unknown) => Promise.reject(withLog(error, installation)));
  const head = await applied(installation);
  for (const [index, tab] of tabs.entries()) {
    const late = setTimeout(() => installation.log.push(`tab ${index} is not level`), 5000);
    await until(tab.isLevel, isLevel => isLevel);
    clearTimeout(late);
  }
  return head;
}

/** The stream is applied up to its head. Resolves with that, which moves on, and begins anew with another history. */
async function applied(installation: Installation): Promise<Place> {
  for (const end = Date.now() + PATIENCE_MS; ;) {
    const head = await headOf(installation);
    const lack = async (t: Reading) => {
      const place = await t.get('place', ['place']);
      if (place?.epoch !== head.epoch || place.last < head.last)
        return `${JSON.stringify(head)} after ${JSON.stringify(place)}`;
      const stale = (await t.list('conversations')).find(each => each.stale);
      return stale && `what is new in conversation ${stale.id}`;
    };
    try {
      await installation.store.until(lack, VIEW_MS);
      return head;
    } catch (error) {
      if (Date.now() > end) throw withLog(error, installation);
    }
  }
}

/** What the store holds another tab shows a moment later. */
async function shows(tab: Client, listed: Awaited<ReturnType<typeof conversationsOfServer>>): Promise<void> {
  const isShown = () => isDeepStrictEqual(conversationsOfClient(tab), listed);
  let late: NodeJS.Timeout | undefined;
  const patience = new Promise<void>(resolve => (late = setTimeout(resolve, VIEW_MS)));
  await Promise.race([until(tab.conversations, isShown), until(tab.people.friends, isShown), patience]);
  clearTimeout(late);
  assert.deepEqual(conversationsOfClient(tab), listed);
}

async function compare({ store, tabs, person }: Installation): Promise<void> {
  const listed = await conversationsOfServer(person);
  for (const tab of tabs) await shows(tab, listed);
  await assertStored(store, person);
}

/** Compares what a store holds with what the server answers. */
export async function assertStored(store: Pick<Store, 'read'>, person: Person): Promise<void> {
  const lists = await store.read(t => listsOfStore(t, person.id));
  assert.deepEqual(lists, await listsOfServer(person));
  for (const row of await store.read(t => t.list('conversations'))) {
    const contents = await store.read(t => contentsOfStore(t, row));
    assert.deepEqual(contents, await contentsOfServer(person, row, contents), `conversation ${row.id}`);
  }
}
