import assert from 'node:assert/strict';
import { people, text } from '../../support/person';
import type { Refusal } from '../../support/refusal';
import { find } from '../../support/search';

describe('searches of one user, many at once', () => {
  it('wait for each other, are refused with BUSY when too many wait, and nobody else is', async () => {
    const [ann, bob] = await people(2);
    await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('a needle') } });
    const own = Array.from({ length: 300 }, () => find(ann, 'needle'));
    const others = Array.from({ length: 5 }, () => find(bob, 'needle'));
    const results = await Promise.allSettled(own);
    const codes = results.map(each => (each.status === 'fulfilled' ? 'found' : (each.reason as Refusal).failure.code));
    assert.deepEqual([...new Set(codes)].sort(), ['BUSY', 'found']);
    for (const found of await Promise.all(others)) assert.equal(found.length, 1);
  });
});
