import assert from 'node:assert/strict';
import { until } from 'egg-im-client';
import { people } from '../support/person';
import { clientOf } from '../support/sdk';

describe('somebody who has deleted the account', () => {
  it('is in no friend request any more, answered or not', async () => {
    const [ann, bob, cat, dan] = await people(4);
    await ann.call('friend.ask', { userId: bob.id });
    await cat.call('friend.ask', { userId: ann.id });
    await ann.call('friend.ask', { userId: dan.id });
    await bob.call('friend.answer', { userId: ann.id, answer: 'reject' });
    const anns = await clientOf(ann);
    const { friendRequests } = anns.people;
    assert.equal(friendRequests.value.length, 3);
    for (const each of [bob, cat]) await each.call('user.destroy', { password: each.credentials.password });
    const [left] = await until(friendRequests, all => all.length === 1);
    assert.deepEqual([left.to.id, left.status], [dan.id, 'pending']);
  });
});
