import assert from 'node:assert/strict';
import { groupOf } from '../support/group';
import { people } from '../support/person';
import { befriend, block, online } from '../support/presence';
import { app } from '../support/service';

const ids = (list: readonly { readonly userId: string }[]) => list.map(each => each.userId);

describe('the list of who is online', () => {
  it('has friends and members of own groups in order of id, page by page', async () => {
    const [ann, friend, member, both, ...rest] = await people(7);
    const [stranger, hidden, away] = rest;
    for (const each of [friend, both, away]) await befriend(ann, each);
    await groupOf([ann, member, both, hidden]);
    await hidden.call('user.update', { privacy: { presence: 'nobody' } });
    for (const each of [friend, member, both, stranger, hidden]) await online(each);
    const expected = ids([friend, member, both].map(({ id: userId }) => ({ userId })));
    expected.sort((a, b) => Number(a) - Number(b));
    const first = await ann.callPage('presence.index', { limit: 2 });
    const next = await ann.callPage('presence.index', { limit: 2, cursor: first.nextCursor });
    assert.deepEqual([ids(first.data), ids(next.data)], [expected.slice(0, 2), expected.slice(2)]);
    assert.equal(next.nextCursor, undefined);
    assert.deepEqual(next.data[0].platforms, ['other']);
    assert.deepEqual(ids(await stranger.call('presence.index', { limit: 50 })), []);
  });

  it('has nobody who has blocked the caller', async () => {
    const [ann, bob, cat] = await people(3);
    await groupOf([ann, bob, cat]);
    for (const each of [bob, cat]) await online(each);
    await block(bob, ann);
    assert.deepEqual(ids(await ann.call('presence.index', { limit: 50 })), [cat.id]);
  });

  it('goes on past hundreds who are away', async () => {
    const [ann, cat] = await people(2);
    const { id } = await groupOf([ann, cat]);
    const before = Array.from({ length: 450 }, (_, at) => Number(cat.id) - at - 1);
    const away = before.filter(userId => userId !== Number(ann.id));
    const joinedAt = new Date();
    await app.model.ConversationMember.bulkCreate(
      away.map(userId => ({ conversationId: Number(id), userId, joinedAt })),
    );
    await online(cat);
    assert.deepEqual(ids(await ann.call('presence.index', { limit: 50 })), [cat.id]);
  });
});
