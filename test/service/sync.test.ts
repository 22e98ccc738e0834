import assert from 'node:assert/strict';
import { haveBefriended } from '../support/friends';
import { people, person, text, type Person } from '../support/person';
import { refused } from '../support/refusal';
import { app, select } from '../support/service';
import { epoch } from '../support/stream';

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Somebody whose stream holds that many entries. */
async function personWithEntries(howMany: number): Promise<Person> {
  const [ann, bob] = await people(2);
  await haveBefriended(ann, bob);
  for (let made = 0; made < howMany; made++) {
    await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text(`number ${made + 1}`) } });
  }
  return bob;
}

const cursor = async ({ id: userId, deviceId }: Person) => {
  const [row] = await select('SELECT acked_seq FROM device WHERE user_id = :userId AND device_id = :deviceId', {
    userId,
    deviceId,
  });
  return row.acked_seq;
};

describe('pulling a stream', () => {
  it('gives the entries after a place, page by page, and says whether there is more', async () => {
    const bob = await personWithEntries(5);
    const client = await bob.connect();
    const places = async (payload: object) => {
      const { entries, head, hasMore, ...rest } = await client.request('sync:pull', payload);
      assert.deepEqual([head, rest], [5, { epoch: await epoch() }]);
      return [entries.map(each => each.syncSeq), hasMore];
    };
    assert.deepEqual(await places({ after: 0 }), [numbers(1, 5), false]);
    assert.deepEqual(await places({ after: 0, limit: 2 }), [[1, 2], true]);
    assert.deepEqual(await places({ after: 2, limit: 2 }), [[3, 4], true]);
    assert.deepEqual(await places({ after: 4, limit: 2 }), [[5], false]);
    assert.deepEqual(await places({ after: 0, limit: 5 }), [numbers(1, 5), false]);
    assert.deepEqual(await places({ after: 5 }), [[], false]);
  });

  it('answers the same by REST', async () => {
    const bob = await personWithEntries(3);
    const client = await bob.connect();
    const queries: Record<string, number>[] = [{ after: 0 }, { after: 1, limit: 1 }, { after: 3 }];
    for (const query of queries) {
      assert.deepEqual(await bob.ask('sync.pull', { query }), await client.request('sync:pull', query));
    }
  });

  it('refuses pages of no size, or of more than 500, and places that are none', async () => {
    const bob = await person();
    const client = await bob.connect();
    const bad: Record<string, number>[] = [
      { after: 0, limit: 0 },
      { after: 0, limit: 501 },
      { after: -1 },
      { after: 1.5 },
      {},
    ];
    for (const query of bad) {
      await refused(client.request('sync:pull', query), 'INVALID_INPUT');
      await refused(bob.ask('sync.pull', { query }), 'INVALID_INPUT');
    }
    await refused(client.request('sync:pull', { after: '0' }), 'INVALID_INPUT');
    await client.request('sync:pull', { after: 0, limit: 500 });
  });

  it('from a place ahead of the head gives nothing, and the head', async () => {
    const bob = await personWithEntries(2);
    const page = await bob.ask('sync.pull', { query: { after: 99 } });
    assert.deepEqual(page, { entries: [], head: 2, epoch: await epoch(), hasMore: false, resync: true });
  });

  it('says that what is wanted is purged when the device has been away for too long', async () => {
    const bob = await personWithEntries(4);
    // What purging does: the rows go, and the inbox remembers from where on the stream is whole.
    await app.model.PushHistory.destroy({ where: { receiverId: Number(bob.id), syncSeq: [1, 2] } });
    await app.model.UserInbox.update({ firstSeq: 3 }, { where: { userId: Number(bob.id) } });
    const client = await bob.connect();
    assert.deepEqual(await client.first('sync:head'), { head: 4, epoch: await epoch(), first: 3 });
    for (const after of [0, 1]) {
      const page = await client.request('sync:pull', { after });
      assert.equal(page.resync, true);
      assert.deepEqual(
        page.entries.map(each => each.syncSeq),
        [3, 4],
      );
    }
    assert.equal('resync' in (await client.request('sync:pull', { after: 2 })), false);
    assert.equal('resync' in (await client.request('sync:pull', { after: 4 })), false);
  });
});

describe('acknowledging entries', () => {
  /** How far messages count as delivered to a user, of the one single conversation they have. */
  const delivered = async ({ id }: Person) => {
    const [row] = await select(
      `SELECT delivered_seq FROM conversation_member JOIN conversation ON id = conversation_id
      WHERE user_id = :id AND type = 'single'`,
      { id },
    );
    return row.delivered_seq;
  };

  it('moves the cursor of that device alone, and says that the messages are delivered', async () => {
    const bob = await personWithEntries(4);
    const laptop = await bob.login();
    const client = await bob.connect();
    assert.deepEqual(await client.request('sync:ack', { syncSeq: 3 }), {});
    assert.deepEqual([await cursor(bob), await cursor(laptop), await delivered(bob)], [3, 0, 3]);
    await laptop.ask('sync.ack', { body: { syncSeq: 2 } });
    assert.deepEqual([await cursor(laptop), await delivered(bob)], [2, 3], 'the first device to have it counts');
    await laptop.ask('sync.ack', { body: { syncSeq: 4 } });
    assert.deepEqual([await cursor(bob), await cursor(laptop), await delivered(bob)], [3, 4, 4]);
  });

  it('never moves a cursor back', async () => {
    const bob = await personWithEntries(3);
    const client = await bob.connect();
    await client.request('sync:ack', { syncSeq: 3 });
    await client.request('sync:ack', { syncSeq: 1 });
    await client.request('sync:ack', { syncSeq: 0 });
    assert.equal(await cursor(bob), 3);
  });

  it('never moves a cursor past the head, and tells the device so', async () => {
    const bob = await personWithEntries(2);
    const client = await bob.connect();
    const places = [1, 2, 3, Number.MAX_SAFE_INTEGER];
    const answers = await Promise.all(places.map(syncSeq => client.call('sync.ack', { syncSeq })));
    assert.deepEqual(answers, [{}, {}, { resync: true }, { resync: true }]);
    assert.equal(await cursor(bob), 2);
    assert.deepEqual(await bob.call('sync.ack', { syncSeq: 3 }), { resync: true }, 'again, and by REST');
  });

  it('many times at once keeps the furthest', async () => {
    const bob = await personWithEntries(5);
    const client = await bob.connect();
    await Promise.all([2, 5, 1, 4, 3].map(syncSeq => client.request('sync:ack', { syncSeq })));
    assert.deepEqual([await cursor(bob), await delivered(bob)], [5, 5]);
  });

  it('refuses what is no place', async () => {
    const client = await (await person()).connect();
    for (const syncSeq of [-1, 0.5, '1', null, undefined, 2 ** 53]) {
      await refused(client.request('sync:ack', { syncSeq }), 'INVALID_INPUT');
    }
  });
});
