import { MemoryStore, openIndexedDb, type Store, type Tables } from 'egg-im-client';
import { sqlite } from 'egg-im-client/sqlite';
import assert from 'node:assert/strict';
import { withIndexedDb } from '../support/indexed_db';
import { Phone } from '../support/phone';

const mark = (conversationId: string, seq: number) => ({ conversationId, seq });
const seqsOf = (marks: readonly Tables['stars'][]) => marks.map(each => each.seq);

/** Puts stars at these places of a conversation. */
async function put(store: Store, conversationId: string, ...seqs: number[]): Promise<void> {
  await store.write(async t => {
    for (const seq of seqs) await t.put('stars', [conversationId, seq], mark(conversationId, seq));
  });
}

const phone = new Phone();
before(() => phone.begin());
after(() => phone.end());

const open = {
  memory: async () => Promise.resolve(new MemoryStore()),
  IndexedDB: () => openIndexedDb(`store:${Math.random()}`),
  SQLite: () => sqlite(phone.openDatabase)(`store:${Math.random()}`),
};

for (const [name, opened] of Object.entries(open)) {
  describe(`a store in ${name}`, () => {
    withIndexedDb();
    let store: Store;

    beforeEach(async () => (store = await opened()));
    afterEach(() => store.close());

    it('has rows in the order of their keys, numbers as numbers', async () => {
      await put(store, '7', 10, 9, 100);
      await put(store, '12', 1);
      assert.deepEqual(await store.read(t => t.list('stars')), [
        mark('12', 1),
        mark('7', 9),
        mark('7', 10),
        mark('7', 100),
      ]);
      assert.deepEqual(await store.read(t => t.get('stars', ['7', 10])), mark('7', 10));
      assert.equal(await store.read(t => t.get('stars', ['7', 11])), undefined);
    });

    it('gives the rows of a range', async () => {
      await put(store, '1', 1, 2, 3, 4, 5);
      await put(store, '10', 1);
      const seqs = async (range: object) => seqsOf(await store.read(t => t.list('stars', { prefix: ['1'], ...range })));
      assert.deepEqual(await seqs({}), [1, 2, 3, 4, 5]);
      assert.deepEqual(await seqs({ after: ['1', 2] }), [3, 4, 5]);
      assert.deepEqual(await seqs({ before: ['1', 3] }), [1, 2]);
      assert.deepEqual(await seqs({ after: ['1', 1], before: ['1', 4] }), [2, 3]);
      assert.deepEqual(await seqs({ after: ['1', 4], before: ['1', 2] }), []);
      assert.deepEqual(await seqs({ limit: 2 }), [1, 2]);
      assert.deepEqual(await seqs({ limit: 2, reverse: true }), [5, 4]);
      assert.deepEqual(await seqs({ after: ['1', 0], before: ['1', 4], reverse: true, limit: 2 }), [3, 2]);
    });

    it('puts a row in place of another, and removes rows', async () => {
      await store.write(t => t.put('blocks', ['1'], { userId: 'first' }));
      await store.write(t => t.put('blocks', ['1'], { userId: 'second' }));
      assert.deepEqual(await store.read(t => t.list('blocks')), [{ userId: 'second' }]);
      await put(store, '1', 1, 2);
      await put(store, '2', 1);
      await store.write(t => t.remove('stars', ['1', 1]));
      assert.deepEqual(await store.read(t => t.list('stars')), [mark('1', 2), mark('2', 1)]);
      await store.write(t => t.clear('stars', ['1']));
      assert.deepEqual(await store.read(t => t.list('stars')), [mark('2', 1)]);
      await store.write(t => t.clear('stars'));
      assert.deepEqual(await store.read(t => t.list('stars')), []);
      assert.deepEqual(await store.read(t => t.list('blocks')), [{ userId: 'second' }]);
    });

    it('does all of a transaction or nothing', async () => {
      await put(store, '1', 1, 2);
      const half = store.write(async t => {
        await t.put('stars', ['1', 3], mark('1', 3));
        await t.remove('stars', ['1', 1]);
        await t.clear('stars');
        await t.put('stars', ['1', 4], mark('1', 4));
        throw new Error('the end');
      });
      await assert.rejects(half, /the end/);
      assert.deepEqual(seqsOf(await store.read(t => t.list('stars'))), [1, 2]);
    });

    it('does one transaction after the other', async () => {
      const add = () =>
        store.write(async t => {
          const seq = (await t.list('stars')).length + 1;
          await t.put('stars', ['1', seq], mark('1', seq));
        });
      await Promise.all([add(), add(), add()]);
      assert.deepEqual(seqsOf(await store.read(t => t.list('stars'))), [1, 2, 3]);
    });
  });
}
