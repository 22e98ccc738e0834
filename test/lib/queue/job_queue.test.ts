import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../app/schema/errors';
import { JobQueue } from '../../../app/lib/queue/job_queue';

describe('a queue of jobs', () => {
  it('answers each with what its job gives, or throws', async () => {
    const jobs = new JobQueue({ atOnce: 2, limit: 10 });
    assert.deepEqual(await Promise.all([1, 2, 3].map(each => jobs.run('ann', () => Promise.resolve(each)))), [1, 2, 3]);
    await assert.rejects(
      jobs.run('ann', () => Promise.reject(new TypeError('a mistake'))),
      TypeError,
    );
    assert.equal(await jobs.run('ann', () => Promise.resolve(4)), 4);
  });

  it('runs so many at once, and no more', async () => {
    const jobs = new JobQueue({ atOnce: 2, limit: 10 });
    let running = 0;
    let most = 0;
    const job = async () => {
      most = Math.max(most, ++running);
      await sleep(5);
      running--;
    };
    await Promise.all([1, 2, 3, 4, 5].map(() => jobs.run('ann', job)));
    assert.equal(most, 2);
  });

  it('serves owners in turn', async () => {
    const jobs = new JobQueue({ atOnce: 1, limit: 10 });
    const done: string[] = [];
    const owners = ['ann', 'ann', 'ann', 'bob', 'cat', 'cat'];
    const all = owners.map(owner =>
      jobs.run(owner, async () => {
        await sleep(1);
        done.push(owner);
      }),
    );
    await Promise.all(all);
    assert.deepEqual(done, ['ann', 'ann', 'bob', 'cat', 'ann', 'cat']);
  });

  it('runs so many of one owner at once, and others beside them', async () => {
    const jobs = new JobQueue({ atOnce: 3, limit: 10, ofOwner: 1 });
    const begun: string[] = [];
    const ends: (() => void)[] = [];
    const job = (owner: string) => () => {
      begun.push(owner);
      return new Promise<void>(resolve => ends.push(resolve));
    };
    const all = ['ann', 'ann', 'bob', 'ann'].map(owner => jobs.run(owner, job(owner)));
    assert.deepEqual(begun, ['ann', 'bob']);
    assert.deepEqual([jobs.waitsFor('ann'), jobs.waitsFor('bob')], [true, false]);
    ends[0]();
    await new Promise(setImmediate);
    assert.deepEqual(begun, ['ann', 'bob', 'ann']);
    ends[2]();
    await new Promise(setImmediate);
    ends[3]();
    ends[1]();
    await Promise.all(all);
    assert.equal(jobs.waitsFor('ann'), false);
  });

  it('refuses what is over the share of its owner, and what is over the limit of all', async () => {
    const jobs = new JobQueue({ atOnce: 1, limit: 3, share: 2 });
    const run = (owner: string) => jobs.run(owner, () => sleep(5, owner));
    const owners = ['ann', 'ann', 'ann', 'ann', 'bob', 'cat'];
    const results = await Promise.allSettled(owners.map(run));
    assert.deepEqual(
      results.map(each => (each.status === 'fulfilled' ? each.value : (each.reason as Error).message)),
      ['ann', 'ann', 'ann', 'BUSY', 'bob', 'BUSY'],
    );
  });

  it('does not have those who wait find out by themselves that the database is away', async () => {
    const jobs = new JobQueue({ atOnce: 1, limit: 10 });
    let begun = 0;
    const job = () => {
      begun++;
      return Promise.reject(new AppError('UNAVAILABLE'));
    };
    const results = await Promise.allSettled(['ann', 'bob', 'cat'].map(owner => jobs.run(owner, job)));
    assert.deepEqual(
      results.map(each => each.status),
      ['rejected', 'rejected', 'rejected'],
    );
    assert.equal(begun, 1);
    assert.equal(await jobs.run('ann', () => Promise.resolve('back')), 'back');
  });
});
