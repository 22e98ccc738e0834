import assert from 'node:assert/strict';
import { befriend, cardOf, friendsOf, headOf, toldAfter } from '../../support/friends';
import { people, person, text } from '../../support/person';
import { refused } from '../../support/refusal';
import { count, storesNothing } from '../../support/service';

describe('friends', () => {
  it('friends are listed in order of id, page by page', async () => {
    const [ann, ...others] = await people(4);
    for (const other of others) await befriend(other, ann);
    const ids = others.map(each => each.id).sort((x, y) => Number(x) - Number(y));
    assert.deepEqual(await friendsOf(ann), ids);
    const first = await ann.callPage('friend.index', { limit: 2 });
    const second = await ann.callPage('friend.index', { limit: 2, cursor: first.nextCursor });
    assert.deepEqual(
      [first.data, second.data].map(page => page.map(friend => friend.user.id)),
      [ids.slice(0, 2), ids.slice(2)],
    );
    assert.equal(second.nextCursor, undefined);
    const socket = await ann.connect();
    assert.deepEqual(await socket.request('friend:index', { limit: 2 }), first.data);
    await refused(ann.ask('friend.index', { query: { cursor: 'x' } }), 'INVALID_INPUT');
    await refused(ann.ask('friend.index', { query: { limit: 501 } }), 'INVALID_INPUT');
  });

  it('friends are shown with the name and picture that they have now', async () => {
    const [ann, bob] = await people(2);
    await befriend(ann, bob);
    const changes = { name: 'Robert', avatar: '/files/robert.png' };
    await bob.call('user.update', changes);
    assert.deepEqual((await ann.ask('friend.index'))[0].user, { id: bob.id, ...changes, version: 1 });
  });
});

describe('the alias of a friend', () => {
  it('an alias is told to all devices of the user who gives it, and to nobody else', async () => {
    const [ann, bob] = await people(2);
    await befriend(ann, bob);
    const laptop = await ann.login();
    const [a, a2] = [await ann.connect(), await laptop.connect()];
    const { since } = (await ann.ask('friend.index'))[0];
    const before = await headOf(bob);
    const friend = await a.call('friend.update', { userId: bob.id, alias: '波比 🎈' });
    assert.deepEqual(friend, { user: cardOf(bob), alias: '波比 🎈', since });
    for (const client of [a, a2]) {
      await client.reaches(4);
      assert.deepEqual(toldAfter(client, 3), [['friend.updated', { friend }]]);
    }
    assert.deepEqual(await ann.ask('friend.index'), [friend]);
    assert.equal(await headOf(bob), before);
    assert.equal((await bob.ask('friend.index'))[0].alias, undefined);
  });

  it('null takes an alias away, and an alias is told only when it changes', async () => {
    const [ann, bob] = await people(2);
    await befriend(ann, bob);
    const update = (alias: string | null) => ann.call('friend.update', { userId: bob.id, alias });
    await update('Bobby');
    const client = await ann.connect();
    await client.reaches(4);
    await storesNothing(() => update('Bobby'));
    const friend = await update(null);
    assert.equal('alias' in friend, false);
    await client.reaches(5);
    assert.deepEqual(toldAfter(client, 4), [['friend.updated', { friend }]]);
    await storesNothing(() => update(null));
  });

  it('only friends have an alias, which is not blank', async () => {
    const [ann, bob, cat, stranger] = [...(await people(3)), await person({ app: 'other' })];
    await befriend(ann, bob);
    await cat.call('friend.ask', { userId: ann.id });
    await storesNothing(async () => {
      for (const userId of [cat.id, stranger.id, ann.id, '7']) {
        await refused(ann.call('friend.update', { userId, alias: 'x' }), 'NOT_FRIENDS');
      }
      for (const alias of ['', '  ', 'x'.repeat(65), 7]) {
        await refused(ann.ask('friend.update', { id: bob.id, body: { alias } }), 'INVALID_INPUT');
      }
      await refused(ann.ask('friend.update', { id: bob.id, body: {} }), 'INVALID_INPUT');
    });
  });

  it('an alias is gone when two become friends anew', async () => {
    const [ann, bob] = await people(2);
    await befriend(ann, bob);
    await ann.call('friend.update', { userId: bob.id, alias: 'Bobby' });
    await bob.call('friend.remove', { userId: ann.id });
    await refused(ann.call('friend.update', { userId: bob.id, alias: 'Bob' }), 'NOT_FRIENDS');
    await befriend(bob, ann);
    assert.equal((await ann.ask('friend.index'))[0].alias, undefined);
  });
});

describe('the end of a friendship', () => {
  it('a friendship ends for both users, on all their devices', async () => {
    const [ann, bob, cat] = await people(3);
    await befriend(ann, bob);
    await befriend(ann, cat);
    const before = await headOf(cat);
    const laptop = await ann.login();
    const [a, a2, b] = await Promise.all([ann, laptop, bob].map(each => each.connect()));
    assert.deepEqual(await a.call('friend.remove', { userId: bob.id }), {});
    await Promise.all([a.reaches(7), a2.reaches(7), b.reaches(4)]);
    for (const client of [a, a2]) assert.deepEqual(toldAfter(client, 6), [['friend.removed', { userId: bob.id }]]);
    assert.deepEqual(toldAfter(b, 3), [['friend.removed', { userId: ann.id }]]);
    assert.deepEqual([await friendsOf(ann), await friendsOf(bob)], [[cat.id], []]);
    assert.equal(await headOf(cat), before);
  });

  it('ending a friendship that does not exist changes nothing', async () => {
    const [ann, bob, stranger] = [...(await people(2)), await person({ app: 'other' })];
    await ann.call('friend.ask', { userId: bob.id });
    await storesNothing(async () => {
      for (const userId of [bob.id, ann.id]) assert.deepEqual(await ann.call('friend.remove', { userId }), {});
      for (const userId of [stranger.id, '7']) await refused(ann.call('friend.remove', { userId }), 'USER_NOT_FOUND');
    });
    assert.equal((await bob.ask('friend.requests'))[0].status, 'pending', 'a request is not a friendship');
  });

  it('two who are no friends any more keep their messages, go on writing, and may ask again', async () => {
    const [ann, bob] = await people(2);
    await befriend(ann, bob);
    const { conversationId } = await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('one') } });
    await ann.call('friend.remove', { userId: bob.id });
    await bob.ask('message.create', { id: conversationId, body: text('two') });
    assert.equal((await ann.ask('message.index', { id: conversationId })).length, 2);
    await befriend(bob, ann);
    assert.deepEqual(await friendsOf(ann), [bob.id]);
  });

  it('both users are told once when both end the friendship at the same moment', async () => {
    const rounds = Array.from({ length: 8 }, async () => {
      const [ann, bob] = await people(2);
      await befriend(ann, bob);
      await Promise.all([
        ann.call('friend.remove', { userId: bob.id }),
        bob.call('friend.remove', { userId: ann.id }),
        ann.call('friend.update', { userId: bob.id, alias: 'Bobby' }).catch(() => undefined),
      ]);
      assert.equal(await count('friend WHERE user_id IN (:ids)', { ids: [ann.id, bob.id] }), 0);
      assert.equal(await headOf(bob), 4);
      const { entries } = await ann.ask('sync.pull', { query: { after: 0 } });
      assert.equal(entries.at(-1)!.type, 'friend.removed');
      assert.equal(entries.filter(each => each.type === 'friend.removed').length, 1);
    });
    await Promise.all(rounds);
  });
});
