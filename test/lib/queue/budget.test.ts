import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Budget } from '../../../app/lib/queue/budget';

describe('a budget', () => {
  it('lets an owner spend at once what there is, and tells how long it takes until more is there', () => {
    const budget = new Budget(1000, 5000);
    assert.equal(budget.spend('ann', 5000), 0);
    const wait = budget.spend('ann', 2000);
    assert.ok(wait > 1900 && wait <= 2000, String(wait));
    assert.equal(budget.spend('bob', 5000), 0);
  });

  it('fills up again, and no further than it was', async () => {
    const budget = new Budget(1_000_000, 1000);
    budget.spend('ann', 1000);
    await sleep(20);
    assert.equal(budget.spend('ann', 1000), 0);
    assert.ok(budget.spend('ann', 1000) > 0);
  });

  it('of nothing a second has no bound', () => {
    assert.equal(new Budget(0, 0).spend('ann', 1e12), 0);
  });
});
