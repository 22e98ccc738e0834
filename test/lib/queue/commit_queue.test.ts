import assert from 'node:assert/strict';
import { AppError } from '../../../app/schema/errors';
import { CommitQueue, type CommitQueueOptions } from '../../../app/lib/queue/commit_queue';

/** A promise that the test settles itself. */
function deferred() {
  let settle: { resolve: () => void; reject: (error: Error) => void };
  const promise = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
  return { promise, ...settle! };
}

/** A lane whose commits are recorded; unless told otherwise each answers its items, doubled. */
function laneOf(given: Partial<CommitQueueOptions<number, number>> = {}) {
  const commits: number[][] = [];
  const commit = given.commit ?? (items => Promise.resolve(items.map(item => item * 2)));
  const lane = new CommitQueue<number, number>({
    take: items => items.length,
    limit: 100,
    ...given,
    commit: items => {
      commits.push([...items]);
      return commit(items);
    },
  });
  return { lane, commits };
}

describe('a lane', () => {
  it('commits alone what comes alone', async () => {
    const { lane, commits } = laneOf();
    assert.equal(await lane.submit(1), 2);
    assert.equal(await lane.submit(2), 4);
    assert.deepEqual(commits, [[1], [2]]);
  });

  it('commits together what comes together, and answers each with its own', async () => {
    const { lane, commits } = laneOf();
    assert.deepEqual(await Promise.all([1, 2, 3].map(item => lane.submit(item))), [2, 4, 6]);
    assert.deepEqual(commits, [[1, 2, 3]]);
  });

  it('takes everything that came during a commit into the next one', async () => {
    const first = deferred();
    const { lane, commits } = laneOf({
      commit: async items => {
        if (items[0] === 1) await first.promise;
        return [...items];
      },
    });
    const one = lane.submit(1);
    await new Promise(setImmediate);
    const rest = [2, 3, 4].map(item => lane.submit(item));
    assert.deepEqual(commits, [[1]]);
    first.resolve();
    await Promise.all([one, ...rest]);
    assert.deepEqual(commits, [[1], [2, 3, 4]]);
  });

  it('takes no more than it is told to, in order', async () => {
    const { lane, commits } = laneOf({ take: items => Math.min(items.length, 2) });
    await Promise.all([1, 2, 3, 4, 5].map(item => lane.submit(item)));
    assert.deepEqual(commits, [[1, 2], [3, 4], [5]]);
  });

  it('refuses at once what comes when too many wait, and takes more when they are done', async () => {
    const { lane, commits } = laneOf({ limit: 2 });
    const accepted = [lane.submit(1), lane.submit(2)];
    await assert.rejects(lane.submit(3), { code: 'BUSY', retryable: true });
    await Promise.all(accepted);
    await lane.submit(4);
    assert.deepEqual(commits, [[1, 2], [4]]);
  });

  it('refuses one item alone when the commit says so', async () => {
    const { lane } = laneOf({
      commit: items => Promise.resolve(items.map(item => (item === 2 ? new AppError('NOT_A_MEMBER') : item))),
    });
    const results = await Promise.allSettled([1, 2, 3].map(item => lane.submit(item)));
    assert.deepEqual(
      results.map(each => (each.status === 'fulfilled' ? each.value : (each.reason as AppError).code)),
      [1, 'NOT_A_MEMBER', 3],
    );
  });

  it('lets what can not be committed fail by itself', async () => {
    const { lane, commits } = laneOf({
      commit: items => (items.includes(2) ? Promise.reject(new Error('poison')) : Promise.resolve([...items])),
    });
    const results = await Promise.allSettled([1, 2, 3].map(item => lane.submit(item)));
    assert.deepEqual(
      results.map(each => each.status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(commits, [[1, 2, 3], [1], [2], [3]]);
    assert.equal(await lane.submit(4), 4);
  });

  it('tells everybody who waits when the store is not to be had, and goes on when it is', async () => {
    const outage = deferred();
    let calls = 0;
    const { lane, commits } = laneOf({
      take: () => 1,
      commit: async items => {
        if (++calls === 1) await outage.promise;
        return [...items];
      },
    });
    const waiting = [1, 2, 3].map(item => lane.submit(item));
    await new Promise(setImmediate);
    outage.reject(new AppError('UNAVAILABLE'));
    for (const each of waiting) await assert.rejects(each, { code: 'UNAVAILABLE', retryable: true });
    assert.deepEqual(commits, [[1]]);
    assert.equal(await lane.submit(4), 4);
  });

  it('drains: it settles what it has taken, and takes nothing more', async () => {
    const first = deferred();
    const { lane, commits } = laneOf({ take: () => 1, commit: items => first.promise.then(() => [...items]) });
    const work = [lane.submit(1), lane.submit(2)];
    const drained = lane.drain();
    await assert.rejects(lane.submit(3), { code: 'UNAVAILABLE', retryable: true });
    first.resolve();
    await drained;
    assert.deepEqual(commits, [[1], [2]]);
    await Promise.all(work);
    await lane.drain();
  });

  it('gathers for a while when its owner asks for that', async () => {
    const { lane, commits } = laneOf({ gatherMs: 50 });
    const one = lane.submit(1);
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    await Promise.all([one, lane.submit(2)]);
    assert.deepEqual(commits, [[1, 2]]);
  });
});
