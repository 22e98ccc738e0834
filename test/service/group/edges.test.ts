import assert from 'node:assert/strict';
import { groupOf, idsOf, linesIn, rolesIn, scene, streamOf, toldTo } from '../../support/group';
import { people } from '../../support/person';
import { refused } from '../../support/refusal';
import { count, storesNothing } from '../../support/service';

describe('the end of a group', () => {
  it('is told to those who wait to become members, and leaves no request behind', async () => {
    const [ann, bob, cat, dan] = await people(4);
    const { id } = await groupOf([ann, bob], { joinPolicy: 'approval' });
    await cat.call('group.join', { groupId: id });
    await ann.call('member.invite', { groupId: id, userIds: [dan.id] });
    const waiting = [await cat.connect(), await dan.connect()];
    await ann.call('group.dissolve', { groupId: id });
    for (const client of waiting) assert.deepEqual(await toldTo(client, 'group.dissolved'), [{ by: ann.id }]);
    assert.equal(await count('group_request WHERE group_id = :id', { id }), 0);
    await refused(dan.call('group.join', { groupId: id }), 'CONVERSATION_NOT_FOUND');
  });

  it('is told to an invited user also when it comes with the last member who leaves', async () => {
    const [ann, bob, cat] = await people(3);
    const { id } = await groupOf([ann, cat]);
    await cat.call('group.leave', { groupId: id });
    await ann.call('member.invite', { groupId: id, userIds: [bob.id] });
    await ann.call('group.leave', { groupId: id });
    assert.deepEqual(await streamOf(bob), ['group.requests', 'group.dissolved']);
  });
});

describe('the heir of a group', () => {
  it('is the member with the lowest id where all have joined at once, and no admin is there', async () => {
    const members = await people(4);
    const { id } = await groupOf(members);
    await members[0].call('group.leave', { groupId: id });
    const [heir] = idsOf(members.slice(1)).sort((a, b) => Number(a) - Number(b));
    const roles = await rolesIn(id, members[1]);
    assert.deepEqual(
      Object.keys(roles).filter(each => roles[each] === 'owner'),
      [heir],
    );
  });
});

describe('what changes nothing in a group', () => {
  it('is told to nobody', async () => {
    const { id, members, stranger } = await scene(3);
    const [owner, member] = members;
    const streams = () => Promise.all(members.map(streamOf));
    const before = await streams();
    await storesNothing(async () => {
      await owner.call('group.transfer', { groupId: id, userId: owner.id });
      await owner.call('member.remove', { groupId: id, userIds: [stranger.id] });
      await owner.call('member.add', { groupId: id, userIds: [member.id] });
      await owner.call('member.invite', { groupId: id, userIds: [member.id] });
      await owner.call('member.update', { groupId: id, userId: member.id, role: 'member' });
      await owner.call('group.update', { groupId: id, muteAll: false, name: 'Us' });
    });
    assert.deepEqual(await streams(), before);
    assert.deepEqual(await streamOf(stranger), []);
  });
});

describe('a mute of all', () => {
  it('has a line for each change of it, and none for a repetition', async () => {
    const [ann, bob] = await people(2);
    const { id } = await groupOf([ann, bob]);
    for (const muteAll of [true, true, false, false, true]) await ann.call('group.update', { groupId: id, muteAll });
    assert.deepEqual(
      await linesIn(id, bob),
      ['muted', 'unmuted', 'muted'].map(event => ({ event, by: ann.id })),
    );
  });
});
