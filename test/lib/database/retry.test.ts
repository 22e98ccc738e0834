import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { newId } from '../../../app/lib/database/ids';
import { retrying } from '../../../app/lib/database/retry';
import { AppError } from '../../../app/schema/errors';
import { drivers } from '../../support/drivers';
import { count } from '../../support/service';

const deadlock = () => Object.assign(new Error('Deadlock found'), { errno: 1213 });

afterEach(() => mock.restoreAll());

describe('a transaction that others roll back', () => {
  it('begins anew until it is done, and answers what the last attempt does', async () => {
    let attempts = 0;
    const answer = await retrying(() => (++attempts < 4 ? Promise.reject(deadlock()) : Promise.resolve(attempts)));
    assert.deepEqual([answer, attempts], [4, 4]);
  });

  it('is given up at once for any other error, which is thrown as it is', async () => {
    for (const error of [new AppError('NOT_A_MEMBER'), new AppError('UNAVAILABLE'), new TypeError('a mistake')]) {
      const attempt = mock.fn(() => Promise.reject(error));
      await assert.rejects(retrying(attempt), thrown => thrown === error);
      assert.equal(attempt.mock.callCount(), 1);
    }
  });

  it('stops at an error that is no conflict, after conflicts too', async () => {
    const errors = [deadlock(), deadlock(), new AppError('BLOCKED')];
    await assert.rejects(
      retrying(() => Promise.reject(errors.shift()!)),
      { code: 'BLOCKED' },
    );
    assert.equal(errors.length, 0);
  });

  it('is BUSY when conflicts go on for four seconds, with the last of them as the cause', async () => {
    const began = Date.now();
    let now = began;
    mock.method(Date, 'now', () => now);
    const conflicts = [deadlock(), deadlock(), deadlock()];
    const elapsed = [10, 3999, 4000];
    let attempts = 0;
    const attempt = () => {
      now = began + elapsed[attempts];
      return Promise.reject(conflicts[attempts++]);
    };
    await assert.rejects(retrying(attempt), { code: 'BUSY', retryable: true, cause: conflicts[2] });
    assert.equal(attempts, 3);
  });
});

describe('two transactions that wait for each other', () => {
  for (const [name, driver] of drivers) {
    it(`are both done over ${name}, each once`, async () => {
      const [one, two] = [newId(), newId() + 1];
      const add = (id: number) =>
        `INSERT INTO user_inbox (user_id) VALUES (${id}) ON DUPLICATE KEY UPDATE last_seq = last_seq + 1`;
      await driver()(session => session.commit([add(one), add(two)]));
      let attempts = 0;
      let bothHold = () => {};
      const held = new Promise<void>(resolve => (bothHold = resolve));
      const move = (first: number, second: number) =>
        retrying(() =>
          driver()(async session => {
            await session.query([add(first)]);
            if (++attempts === 2) bothHold();
            await held;
            await session.commit([add(second)]);
          }),
        );
      await Promise.all([move(one, two), move(two, one)]);
      assert.equal(attempts, 3);
      assert.equal(await count('user_inbox WHERE user_id IN (:ids) AND last_seq = 2', { ids: [one, two] }), 2);
    });
  }
});
