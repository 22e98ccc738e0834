import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../app/schema/errors';
import { CommitQueue, LATER, upTo, type CommitQueueOptions } from '../../../app/lib/queue/commit_queue';

/** A promise that the test settles itself. */
function deferred() {
  let settle: { resolve: () => void; reject: (error: Error) => void };
  const promise = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
  return { promise, ...settle! };
}

/** A turn of the event loop. */
const turn = () => new Promise(setImmediate);

/** A commit queue whose commits are recorded; unless told otherwise each answers its items, doubled. */
function queueOf(given: Partial<CommitQueueOptions<number, number>> = {}) {
  const commits: number[][] = [];
  const commit = given.commit ?? (items => Promise.resolve(items.map(item => item * 2)));
  const queue = new CommitQueue<number, number>({
    batch: () => () => true,
    limit: 100,
    ...given,
    commit: items => {
      commits.push([...items]);
      return commit(items);
    },
  });
  return { queue, commits };
}

describe('an item that is to wait', () => {
  it('waits with all of its owner, in order, and keeps nobody else waiting', async () => {
    let isFree = false;
    const done: number[] = [];
    const { queue } = queueOf({
      ownerOf: item => item % 2,
      commit: items => Promise.resolve(items.map(item => (item === 1 && !isFree ? LATER : item))),
    });
    const submit = (item: number) => queue.submit(item).then(() => done.push(item));
    const odd = [1, 3, 5].map(submit);
    for (const item of [2, 4, 6]) await submit(item);
    assert.deepEqual(
      done.filter(item => item % 2 === 0),
      [2, 4, 6],
    );
    assert.equal(done.includes(1), false);
    isFree = true;
    await Promise.all(odd);
    assert.deepEqual(new Set(done), new Set([1, 2, 3, 4, 5, 6]));
  });

  it('has nobody else wait for its pause, nor for a rest after it, however many wait with it', async () => {
    let isFree = false;
    const { queue, commits } = queueOf({
      ownerOf: item => (item <= 20 ? 'waits' : item),
      commit: items => Promise.resolve(items.map(item => (item <= 20 && !isFree ? LATER : item))),
    });
    // Pauses and rests do not end by themselves.
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const waiting = Array.from({ length: 20 }, (_, index) => queue.submit(index + 1));
      while (commits.length === 0) await turn();
      for (const item of [21, 22, 23]) {
        await turn();
        assert.equal(await queue.submit(item), item);
      }
      isFree = true;
      mock.timers.reset();
      await Promise.all([queue.submit(24), ...waiting]);
    } finally {
      mock.timers.reset();
    }
  });

  it('is refused with BUSY in the end', async () => {
    const { queue, commits } = queueOf({ commit: items => Promise.resolve(items.map(() => LATER)) });
    await assert.rejects(queue.submit(1), { code: 'BUSY' });
    assert.ok(commits.length > 5);
  });
});

describe('a batch of at most so many items', () => {
  it('takes that many, and no more', () => {
    const fits = upTo(2)();
    assert.deepEqual([fits(), fits(), fits(), fits()], [true, true, false, false]);
  });

  it('begins anew with each batch', () => {
    const batch = upTo(1);
    assert.deepEqual([batch()(), batch()()], [true, true]);
  });
});

describe('a commit queue', () => {
  it('commits alone what comes alone', async () => {
    const { queue, commits } = queueOf();
    assert.equal(await queue.submit(1), 2);
    assert.equal(await queue.submit(2), 4);
    assert.deepEqual(commits, [[1], [2]]);
  });

  it('commits together what comes together, and answers each with its own', async () => {
    const { queue, commits } = queueOf();
    assert.deepEqual(await Promise.all([1, 2, 3].map(item => queue.submit(item))), [2, 4, 6]);
    assert.deepEqual(commits, [[1, 2, 3]]);
  });

  it('takes everything that came during a commit into the next one', async () => {
    const first = deferred();
    const { queue, commits } = queueOf({
      commit: async items => {
        if (items[0] === 1) await first.promise;
        return [...items];
      },
    });
    const one = queue.submit(1);
    await new Promise(setImmediate);
    const rest = [2, 3, 4].map(item => queue.submit(item));
    assert.deepEqual(commits, [[1]]);
    first.resolve();
    await Promise.all([one, ...rest]);
    assert.deepEqual(commits, [[1], [2, 3, 4]]);
  });

  it('takes no more than it is told to, in order', async () => {
    const { queue, commits } = queueOf({ batch: upTo(2) });
    await Promise.all([1, 2, 3, 4, 5].map(item => queue.submit(item)));
    assert.deepEqual(commits, [[1, 2], [3, 4], [5]]);
  });

  it('ends a batch before the item that is too much, and begins the next one with it', async () => {
    const batch = () => {
      let sum = 0;
      return (item: number) => (sum += item) <= 10;
    };
    const { queue, commits } = queueOf({ batch });
    await Promise.all([4, 6, 1, 9, 2, 8, 3].map(item => queue.submit(item)));
    assert.deepEqual(commits, [[4, 6], [1, 9], [2, 8], [3]]);
  });

  it('commits alone an item that no batch would take, in its place', async () => {
    const { queue, commits } = queueOf({ batch: () => item => item <= 10 });
    const answers = await Promise.all([1, 11, 2, 12, 13, 3].map(item => queue.submit(item)));
    assert.deepEqual(answers, [2, 22, 4, 24, 26, 6]);
    assert.deepEqual(commits, [[1], [11, 2], [12], [13, 3]]);
  });

  it('refuses at once what comes when too many wait, and takes more when they are done', async () => {
    const { queue, commits } = queueOf({ limit: 2 });
    const accepted = [queue.submit(1), queue.submit(2)];
    await assert.rejects(queue.submit(3), { code: 'BUSY', retryable: true });
    await Promise.all(accepted);
    await queue.submit(4);
    assert.deepEqual(commits, [[1, 2], [4]]);
  });

  it('serves owners in turn, and each in order', async () => {
    const { queue, commits } = queueOf({ batch: upTo(3), ownerOf: item => Math.floor(item / 100) });
    await Promise.all([101, 102, 103, 104, 105, 201, 301, 302].map(item => queue.submit(item)));
    assert.deepEqual(commits, [
      [101, 201, 301],
      [102, 302, 103],
      [104, 105],
    ]);
  });

  it('serves an owner who comes late before the rest of one who has many', async () => {
    const { queue, commits } = queueOf({ batch: upTo(2), ownerOf: item => Math.floor(item / 100) });
    const many = [101, 102, 103, 104, 105].map(item => queue.submit(item));
    await queue.submit(201);
    assert.deepEqual(commits, [[101, 201]]);
    await Promise.all(many);
    assert.deepEqual(commits.slice(1), [
      [102, 103],
      [104, 105],
    ]);
  });

  it('refuses what is over the share of its owner, and takes what others have', async () => {
    const { queue } = queueOf({ limit: 10, share: 2, ownerOf: item => Math.floor(item / 100) });
    const own = [101, 102, 103, 104].map(item => queue.submit(item));
    const other = queue.submit(201);
    const results = await Promise.allSettled([...own, other]);
    assert.deepEqual(
      results.map(each => (each.status === 'fulfilled' ? each.value : (each.reason as AppError).code)),
      [202, 204, 'BUSY', 'BUSY', 402],
    );
    assert.equal(await queue.submit(103), 206);
  });

  it('refuses what comes when those who wait hold too much, and takes more when they are done', async () => {
    const { queue } = queueOf({ size: 10, sizeOf: item => item });
    const accepted = [queue.submit(9), queue.submit(5)];
    await assert.rejects(queue.submit(1), { code: 'BUSY', retryable: true });
    await Promise.all(accepted);
    assert.equal(await queue.submit(1), 2);
  });

  it('forgets how much those held who were told of an outage', async () => {
    let isOut = true;
    const { queue } = queueOf({
      limit: 2,
      size: 10,
      sizeOf: item => item,
      batch: upTo(1),
      commit: items => (isOut ? Promise.reject(new AppError('UNAVAILABLE')) : Promise.resolve([...items])),
    });
    for (const each of [5, 6].map(item => queue.submit(item))) await assert.rejects(each, { code: 'UNAVAILABLE' });
    isOut = false;
    assert.deepEqual(await Promise.all([queue.submit(5), queue.submit(6)]), [5, 6]);
  });

  it('refuses one item alone when the commit says so', async () => {
    const { queue } = queueOf({
      commit: items => Promise.resolve(items.map(item => (item === 2 ? new AppError('NOT_A_MEMBER') : item))),
    });
    const results = await Promise.allSettled([1, 2, 3].map(item => queue.submit(item)));
    assert.deepEqual(
      results.map(each => (each.status === 'fulfilled' ? each.value : (each.reason as AppError).code)),
      [1, 'NOT_A_MEMBER', 3],
    );
  });

  it('lets what can not be committed fail by itself', async () => {
    const { queue, commits } = queueOf({
      commit: items => (items.includes(2) ? Promise.reject(new Error('poison')) : Promise.resolve([...items])),
    });
    const results = await Promise.allSettled([1, 2, 3].map(item => queue.submit(item)));
    assert.deepEqual(
      results.map(each => each.status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(commits, [[1, 2, 3], [1], [2], [3]]);
    assert.equal(await queue.submit(4), 4);
  });

  it('tells everybody who waits when the store is not to be had, and goes on when it is', async () => {
    const outage = deferred();
    let calls = 0;
    const { queue, commits } = queueOf({
      batch: upTo(1),
      commit: async items => {
        if (++calls === 1) await outage.promise;
        return [...items];
      },
    });
    const waiting = [1, 2, 3].map(item => queue.submit(item));
    await new Promise(setImmediate);
    outage.reject(new AppError('UNAVAILABLE'));
    for (const each of waiting) await assert.rejects(each, { code: 'UNAVAILABLE', retryable: true });
    assert.deepEqual(commits, [[1]]);
    assert.equal(await queue.submit(4), 4);
  });

  it('drains: it settles what it has taken, and takes nothing more', async () => {
    const first = deferred();
    const { queue, commits } = queueOf({ batch: upTo(1), commit: items => first.promise.then(() => [...items]) });
    const work = [queue.submit(1), queue.submit(2)];
    const drained = queue.drain();
    await assert.rejects(queue.submit(3), { code: 'UNAVAILABLE', retryable: true });
    first.resolve();
    await drained;
    assert.deepEqual(commits, [[1], [2]]);
    await Promise.all(work);
    await queue.drain();
  });

  it('gathers for a while when its owner asks for that', async () => {
    const { queue, commits } = queueOf({ gatherMs: 50 });
    const one = queue.submit(1);
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    await Promise.all([one, queue.submit(2)]);
    assert.deepEqual(commits, [[1, 2]]);
  });

  describe('after a batch that shows that many send', () => {
    const items = (length: number) => Array.from({ length }, (_, index) => index);
    const slowly = (done: readonly number[]) => sleep(30, [...done]);

    /** What is committed of two that come shortly one after the other, some milliseconds after a batch. */
    async function afterBatch(length: number, ms = 0): Promise<number[][]> {
      const { queue, commits } = queueOf({ commit: slowly });
      await Promise.all(items(length).map(item => queue.submit(item)));
      if (ms > 0) await sleep(ms);
      const one = queue.submit(17);
      await turn();
      await turn();
      await Promise.all([one, queue.submit(18)]);
      return commits.slice(1);
    }

    it('rests for a while, so that what comes shortly after is committed together', async () => {
      assert.deepEqual(await afterBatch(16), [[17, 18]]);
    });

    it('does not rest when the batch was smaller', async () => {
      assert.deepEqual(await afterBatch(15), [[17], [18]]);
    });

    it('does not rest any more when nobody has come for a while', async () => {
      assert.deepEqual(await afterBatch(16, 250), [[17], [18]]);
    });

    it('does not rest when it has left somebody behind', async () => {
      const order: string[] = [];
      const { queue } = queueOf({
        batch: upTo(16),
        commit: async batch => {
          order.push('commit');
          await sleep(30);
          setTimeout(() => order.push('timer'), 1);
          return [...batch];
        },
      });
      await Promise.all(items(17).map(item => queue.submit(item)));
      assert.deepEqual(order.slice(0, 2), ['commit', 'commit']);
    });
  });
});
