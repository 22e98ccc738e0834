import assert from 'node:assert/strict';
import { allTold, idsOf, linesIn, makeAdmin, rolesIn, scene, streamOf } from '../../support/group';
import { text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, storesNothing } from '../../support/service';

const bansOf = (who: Person, groupId: string) => who.call('member.bans', { groupId, limit: 100 });
const remove = (who: Person, groupId: string, ...whom: Person[]) =>
  who.call('member.remove', { groupId, userIds: idsOf(whom) });
const add = (who: Person, groupId: string, ...whom: Person[]) =>
  who.call('member.add', { groupId, userIds: idsOf(whom) });

describe('who was removed from an open group', () => {
  it('does not come back by themselves, nor by a plain member', async () => {
    const { id, members } = await scene(3, { joinPolicy: 'open' });
    const [ann, bob, cat] = members;
    await remove(ann, id, cat);
    await storesNothing(async () => {
      await refused(cat.call('group.join', { groupId: id }), 'BANNED');
      await refused(add(bob, id, cat), 'BANNED');
      await refused(bob.call('member.invite', { groupId: id, userIds: [cat.id] }), 'BANNED');
    });
    await ann.call('group.update', { groupId: id, joinPolicy: 'approval' });
    await refused(cat.call('group.join', { groupId: id }), 'BANNED');
  });

  it('comes back when owner or admins add or invite them, after which the ban is gone', async () => {
    const { id, members } = await scene(3, { joinPolicy: 'open' });
    const [ann, bob, cat] = members;
    await makeAdmin(id, bob);
    await remove(ann, id, cat);
    await bob.call('member.invite', { groupId: id, userIds: [cat.id] });
    await cat.call('group.join', { groupId: id });
    assert.deepEqual(await bansOf(ann, id), []);
    await remove(bob, id, cat);
    await add(ann, id, cat);
    await cat.call('group.leave', { groupId: id });
    assert.equal((await cat.call('group.join', { groupId: id })).joined, true);
  });

  it('is listed with who has removed them, until the ban is lifted, of which owner and admins are told', async () => {
    const { id, members, clients, second } = await scene(5, { joinPolicy: 'open' });
    const [ann, bob, cat, dan, eve] = members;
    await makeAdmin(id, bob);
    await remove(bob, id, cat, dan);
    const card = ({ id: userId, session }: Person) => ({ id: userId, name: session.user.name });
    const bans = await bansOf(ann, id);
    assert.deepEqual(
      bans.map(({ user, by }) => ({ user, by })),
      [cat, dan]
        .map(each => ({ user: card(each), by: card(bob) }))
        .sort((a, b) => Number(a.user.id) - Number(b.user.id)),
    );
    const { data, nextCursor } = await bob.callPage('member.bans', { groupId: id, limit: 1 });
    assert.deepEqual(await bob.call('member.bans', { groupId: id, limit: 1, cursor: nextCursor }), bans.slice(1));
    assert.deepEqual(data, bans.slice(0, 1));
    await refused(bansOf(eve, id), 'FORBIDDEN');

    for (let time = 0; time < 2; time++) await clients[1].call('member.unban', { groupId: id, userId: cat.id });
    await allTold([clients[0], clients[1], second], 'group.unbanned', { userId: cat.id, by: bob.id });
    assert.equal((await streamOf(eve)).includes('group.unbanned'), false);
    const left = await bansOf(ann, id);
    assert.deepEqual(
      left.map(({ user }) => user.id),
      [dan.id],
    );
    assert.equal((await cat.call('group.join', { groupId: id })).joined, true);
    await refused(dan.call('group.join', { groupId: id }), 'BANNED');
  });

  it('is not who has left, or was never in it', async () => {
    const { id, members, stranger } = await scene(2, { joinPolicy: 'open' });
    const [ann, bob] = members;
    await bob.call('group.leave', { groupId: id });
    for (const each of [bob, stranger]) assert.equal((await each.call('group.join', { groupId: id })).joined, true);
    assert.deepEqual(await bansOf(ann, id), []);
  });
});

describe('a muted member who leaves and comes back', () => {
  const mutedUntil = '2099-01-01T00:00:00.000Z';

  it('is still muted, of which all are told with their coming', async () => {
    const { id, group, members, clients } = await scene(3, { joinPolicy: 'open' });
    const [ann, bob] = members;
    await ann.call('member.update', { groupId: id, userId: bob.id, mutedUntil });
    await bob.call('group.leave', { groupId: id });
    await bob.call('group.join', { groupId: id });
    const muted = [{ userId: bob.id, mutedUntil }];
    await allTold([clients[0], clients[2]], 'group.members_added', { group, userIds: [bob.id], muted, by: bob.id });
    await refused(bob.call('message.send', { conversationId: id, ...text('hello') }), 'MUTED');
    assert.equal((await bob.call('conversation.show', { conversationId: id })).mutedUntil, mutedUntil);
    await ann.call('member.update', { groupId: id, userId: bob.id, mutedUntil: null });
    await bob.call('group.leave', { groupId: id });
    await bob.call('group.join', { groupId: id });
    assert.equal((await ann.call('member.show', { groupId: id, userId: bob.id })).mutedUntil, undefined);
  });

  it('is not muted any more when the time is over', async () => {
    const { id, members } = await scene(2, { joinPolicy: 'open' });
    const [ann, bob] = members;
    await ann.call('member.update', { groupId: id, userId: bob.id, mutedUntil });
    await bob.call('group.leave', { groupId: id });
    await app.model.FormerMember.update({ mutedUntil: new Date(0) }, { where: { groupId: Number(id) } });
    await bob.call('group.join', { groupId: id });
    assert.deepEqual(await rolesIn(id, ann), { [ann.id]: 'owner', [bob.id]: 'member' });
    assert.equal((await ann.call('member.show', { groupId: id, userId: bob.id })).mutedUntil, undefined);
    assert.equal((await linesIn(id, ann)).length, 2);
  });
});
