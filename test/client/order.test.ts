import assert from 'node:assert/strict';
import { Order } from 'egg-im-client';
import { Dice } from '../support/crowd';
import { Replica, type Entry } from '../support/replica';

/** Nothing but its place counts. */
const entry = (syncSeq: number) =>
  ({ syncSeq, type: 'friend.removed', data: { userId: '1' }, at: '' }) as unknown as Entry;

describe('the order of a stream', () => {
  it('holds what comes early, and drops what is known', () => {
    const order = new Order<Entry>(3);
    order.add([entry(5), entry(2), entry(3)]);
    assert.deepEqual([order.next(), order.hasGap], [[], true]);
    order.add([entry(4), entry(5)]);
    assert.deepEqual(order.next(), [entry(4), entry(5)]);
    assert.deepEqual(order.next(1), [entry(4)]);
    order.advance(5);
    assert.deepEqual([order.next(), order.hasGap], [[], false]);
  });

  it('lets in what is missing, however much has come early', () => {
    const order = new Order<Entry>(0);
    order.add(Array.from({ length: 5000 }, (_, index) => entry(index + 2)));
    assert.equal(order.hasGap, true);
    order.add([entry(1)]);
    const ready = order.next();
    assert.deepEqual([ready.length, ready.at(-1)?.syncSeq], [2000, 2000]);
    order.advance(2000);
    assert.deepEqual([order.next(), order.hasGap], [[], true], 'the rest is not held: it is to be pulled');
  });

  it('begins anew with another history', () => {
    const order = new Order<Entry>(7);
    order.add([entry(9)]);
    order.restart(2);
    assert.deepEqual([order.last, order.next(), order.hasGap], [2, [], false]);
    order.add([entry(3)]);
    assert.deepEqual(order.next(), [entry(3)]);
  });

  it('is that of the replicas of the tests, whatever is lost, late, double and out of order', async () => {
    for (let seed = 1; seed <= 200; seed++) {
      const dice = new Dice(seed);
      const stream = Array.from({ length: 1 + dice.below(60) }, (_, index) => entry(index + 1));
      const order = new Order<Entry>(0);
      const applied: Entry[] = [];
      const take = (entries: readonly Entry[]) => {
        order.add(entries);
        applied.push(...order.next());
        order.advance(applied.length);
      };
      const replica = new Replica(after => {
        const entries = stream.slice(after, after + 1 + dice.below(9));
        return Promise.resolve({
          entries,
          head: stream.length,
          epoch: '',
          hasMore: after + entries.length < stream.length,
        });
      });
      for (let pushes = dice.below(40); pushes > 0; pushes--) {
        const from = dice.below(stream.length);
        const push = stream.slice(from, from + 1 + dice.below(5));
        await replica.take(push);
        take(push);
        if (!order.hasGap) continue;
        take(stream.slice(order.last, from));
        assert.equal(order.hasGap, false, `seed ${seed}`);
      }
      await replica.reach(stream.length);
      take(stream.slice(order.last));
      assert.deepEqual([applied, replica.entries], [stream, stream], `seed ${seed}`);
    }
  });
});
