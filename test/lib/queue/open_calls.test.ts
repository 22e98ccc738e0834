import assert from 'node:assert/strict';
import { OpenCalls } from '../../../app/lib/queue/open_calls';

describe('calls that are open', () => {
  it('are waited for, all of them, and no other begins meanwhile', async () => {
    const calls = new OpenCalls();
    const [first, second] = [calls.begin(), calls.begin()];
    const order: string[] = [];
    const drained = calls.drain().then(() => order.push('drained'));
    assert.throws(() => calls.begin(), { code: 'UNAVAILABLE' });
    first();
    await Promise.resolve();
    order.push('the last is answered');
    second();
    await drained;
    assert.deepEqual(order, ['the last is answered', 'drained']);
  });

  it('need no waiting when there are none', async () => {
    const calls = new OpenCalls();
    calls.begin()();
    await Promise.all([calls.drain(), calls.drain()]);
  });
});
