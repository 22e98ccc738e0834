import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { groupOf, idsOf, rolesIn, streamOf } from '../../support/group';
import { people, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, mm, storesNothing } from '../../support/service';

const ascending = (ids: readonly string[]) => [...ids].sort((a, b) => Number(a) - Number(b));

describe('a group', () => {
  it('a new group has the members who were named, and each of them is told', async () => {
    const [ann, bob, cat] = await people(3);
    const clients = await Promise.all([ann, bob, cat].map(each => each.connect()));
    const body = { name: '周末 hiking', avatar: '/files/g.png', memberIds: [bob.id, cat.id, ann.id] };
    const group = await ann.ask('group.create', { body });
    const { id, createdAt } = group;
    const { name, avatar } = body;
    const settings = { joinPolicy: 'invite', history: 'joined', muteAll: false };
    const rest = { ...settings, ownerId: ann.id, memberCount: 3, createdAt };
    assert.deepEqual(group, { id, conversationId: id, name, avatar, ...rest });
    assert.deepEqual(await cat.ask('group.show', { id }), group);
    assert.deepEqual(await rolesIn(id, bob), { [ann.id]: 'owner', [bob.id]: 'member', [cat.id]: 'member' });
    for (const client of clients) {
      await client.reaches(1);
      const { at, ...entry } = client.replica.entries[0];
      assert.deepEqual(entry, { syncSeq: 1, type: 'group.created', conversationId: id, data: { group, by: ann.id } });
      assert.ok(Date.parse(at));
      assert.deepEqual((await client.request('sync:pull', { after: 0 })).entries, client.replica.entries);
    }
  });

  it('a group gets the settings that were asked for, over the event too', async () => {
    const [ann, bob] = await people(2);
    const client = await ann.connect();
    const given = { name: 'Tea', announcement: 'On Friday', joinPolicy: 'open', history: 'all' } as const;
    const group = await client.call('group.create', { ...given, memberIds: [bob.id] });
    const { name, announcement, joinPolicy, history } = group;
    assert.deepEqual({ name, announcement, joinPolicy, history }, given);
    assert.deepEqual(await bob.call('group.show', { groupId: group.id }), group);
  });

  it('a group that is made twice under one id of its creator is made once', async () => {
    const [ann, bob, cat] = await people(3);
    const client = await ann.connect();
    const given = { clientGroupId: randomUUID(), name: 'Tea', memberIds: [bob.id] };
    const made = await Promise.all([1, 2, 3].map(() => client.call('group.create', given)));
    const [group] = made;
    assert.deepEqual(made, [group, group, group]);
    await storesNothing(async () => assert.deepEqual(await ann.call('group.create', given), group));
    assert.deepEqual((await streamOf(bob)).length, 1);

    await ann.call('group.transfer', { groupId: group.id, userId: bob.id });
    const { ownerId } = await ann.call('group.create', given);
    assert.equal(ownerId, bob.id, 'as it is now');
    await ann.call('group.leave', { groupId: group.id });
    await storesNothing(() => refused(ann.call('group.create', given), 'NOT_A_MEMBER'));
    const other = await cat.call('group.create', given);
    assert.notEqual(other.id, group.id, 'an id is of its creator');
  });

  it('a user who has blocked another is not put into a group by that other', async () => {
    const [ann, bob, cat] = await people(3);
    await app.model.Block.create({ userId: Number(cat.id), blockedId: Number(ann.id) });
    await storesNothing(() => refused(groupOf([ann, bob, cat]), 'BLOCKED'));
    assert.deepEqual(await streamOf(bob), []);
    await groupOf([cat, ann]);
  });

  it('a group needs a name and members, all of whom are users', async () => {
    const [ann, bob] = await people(2);
    await storesNothing(async () => {
      const failure = await refused(
        ann.ask('group.create', { body: { name: 'x', memberIds: [bob.id, '7'] } }),
        'USER_NOT_FOUND',
      );
      assert.deepEqual(failure.details, { userIds: ['7'] });
      for (const bad of [{ memberIds: [] }, { memberIds: [bob.id, bob.id] }, { name: '' }, { name: '  ' }]) {
        const body = { name: 'x', memberIds: [bob.id], ...bad };
        await refused(ann.ask('group.create', { body }), 'INVALID_INPUT');
      }
    });
  });

  it('a group takes no more members than the limit allows', async () => {
    mm(app.config.im, 'groupMaxMembers', 3);
    const [ann, bob, cat, dan] = await people(4);
    await storesNothing(async () => {
      const failure = await refused(groupOf([ann, bob, cat, dan]), 'GROUP_FULL');
      assert.deepEqual(failure.details, { limit: 3 });
    });
    const { id } = await groupOf([ann, bob]);
    const add = (...persons: Person[]) => ann.ask('member.add', { id, body: { userIds: idsOf(persons) } });
    await refused(add(cat, dan), 'GROUP_FULL');
    const both = await Promise.allSettled([add(cat), add(dan)]);
    assert.deepEqual(both.map(each => each.status).sort(), ['fulfilled', 'rejected']);
    assert.equal((await ann.ask('group.show', { id })).memberCount, 3);
  });

  it('the members of a group are listed in pages', async () => {
    const members = await people(5);
    const { id } = await groupOf(members);
    const listed: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const query = { limit: 2, ...(cursor && { cursor }) };
      const page = await members[3].page('member.index', { id, query });
      assert.ok(page.data.length <= 2);
      listed.push(...page.data.map(each => each.userId));
      cursor = page.nextCursor;
    } while (cursor && ++pages < 10);
    assert.deepEqual(listed, ascending(idsOf(members)));
    const [first] = await members[0].ask('member.index', { id, query: { limit: 1 } });
    assert.equal(first.name, members.find(each => each.id === first.userId)!.session.user.name);
  });

  it('one member of a group is shown as in the list', async () => {
    const [ann, bob, eve] = await people(3);
    const { id: groupId } = await groupOf([ann, bob]);
    const listed = await ann.call('member.index', { groupId, limit: 10 });
    for (const member of listed) {
      assert.deepEqual(await bob.call('member.show', { groupId, userId: member.userId }), member);
    }
    await refused(bob.call('member.show', { groupId, userId: eve.id }), 'USER_NOT_FOUND');
    await refused(eve.call('member.show', { groupId, userId: ann.id }), 'NOT_A_MEMBER');
  });

  it('a user who is not in a group can neither see nor use it', async () => {
    const [ann, bob, eve] = await people(3);
    const { id } = await groupOf([ann, bob]);
    await storesNothing(async () => {
      await refused(eve.ask('group.show', { id }), 'NOT_A_MEMBER');
      await refused(eve.ask('member.index', { id }), 'NOT_A_MEMBER');
      await refused(eve.ask('member.add', { id, body: { userIds: [eve.id] } }), 'NOT_A_MEMBER');
      await refused(eve.ask('member.remove', { id, body: { userIds: [bob.id] } }), 'NOT_A_MEMBER');
      await refused(eve.ask('group.leave', { id }), 'NOT_A_MEMBER');
      await refused(eve.ask('message.index', { id }), 'NOT_A_MEMBER');
      await refused(eve.ask('message.create', { id, body: text('hi') }), 'NOT_A_MEMBER');
      await refused(ann.ask('group.show', { id: '99' }), 'CONVERSATION_NOT_FOUND');
    });
  });

  it('a single conversation can not be used as a group', async () => {
    const [ann, bob, cat] = await people(3);
    const body = { to: { userId: bob.id }, ...text('between us') };
    const { conversationId: id } = await ann.ask('message.send', { body });
    await storesNothing(async () => {
      await refused(ann.ask('group.show', { id }), 'CONVERSATION_NOT_FOUND');
      await refused(ann.ask('member.index', { id }), 'CONVERSATION_NOT_FOUND');
      await refused(ann.ask('member.add', { id, body: { userIds: [cat.id] } }), 'CONVERSATION_NOT_FOUND');
      await refused(ann.ask('group.leave', { id }), 'CONVERSATION_NOT_FOUND');
    });
  });
});
