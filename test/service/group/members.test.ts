import assert from 'node:assert/strict';
import { allTold, groupOf, idsOf, linesIn, makeAdmin, rolesIn, scene, streamOf, toldTo } from '../../support/group';
import { people, person, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, mm, storesNothing } from '../../support/service';

describe('a new member', () => {
  it('a new member is told, as all are, and sees the history from then on', async () => {
    const { id, members, clients, second, stranger: cat } = await scene(2);
    const [ann, bob] = members;
    const eve = await person();
    const c = await cat.connect();
    const say = (words: string) => clients[0].send({ conversationId: id, ...text(words) });
    await say('before');
    const group = await ann.ask('member.add', { id, body: { userIds: [cat.id, bob.id] } });
    assert.equal(group.memberCount, 3);
    await say('after');

    const devices = [...clients, second, c];
    await allTold(devices, 'group.members_added', { group, userIds: [cat.id], by: ann.id });
    assert.deepEqual(await streamOf(eve), []);
    const line = { event: 'added', by: ann.id, userIds: [cat.id] };
    const seen = [line, { text: 'after' }];
    for (const client of devices) {
      await client.until(() => client.replica.messages.at(-1)?.seq === 3 || undefined, 'the last message');
      assert.deepEqual(client.replica.messages.map(each => each.content).slice(-2), seen);
    }
    assert.equal(c.replica.messages.length, 2);
    for (const query of [{}, { after: 0 }, { before: 4 }]) {
      const history = await cat.ask('message.index', { id, query: query as Record<string, number> });
      assert.deepEqual(
        history.map(each => each.content),
        seen,
      );
    }
    const shown = await cat.ask('conversation.show', { id });
    assert.deepEqual([shown.lastSeq, shown.readSeq, shown.unread], [3, 1, 1]);
  });

  it('a new member has nothing unread, and the line about the joining as last message', async () => {
    const [ann, bob, cat] = await people(3);
    const { id } = await groupOf([ann, bob]);
    await ann.ask('message.create', { id, body: text('before') });
    await ann.ask('member.add', { id, body: { userIds: [cat.id] } });
    const shown = await cat.ask('conversation.show', { id });
    assert.deepEqual([shown.unread, shown.lastMessage?.type], [0, 'system']);
  });

  it('owner and admins add members, and plain members do not', async () => {
    const [ann, bob, cat, dan, eve] = await people(5);
    const { id } = await groupOf([ann, bob, cat]);
    await makeAdmin(id, bob);
    await refused(cat.ask('member.add', { id, body: { userIds: [dan.id] } }), 'FORBIDDEN');
    await bob.ask('member.add', { id, body: { userIds: [dan.id] } });
    await ann.ask('member.add', { id, body: { userIds: [eve.id] } });
    assert.equal((await rolesIn(id, ann))[eve.id], 'member');
    await refused(ann.ask('member.add', { id, body: { userIds: ['7'] } }), 'USER_NOT_FOUND');
  });

  it('every member of an open group adds others', async () => {
    const { id, members, clients, stranger } = await scene(2, { joinPolicy: 'open' });
    const [, bob] = members;
    const eve = await person();
    await clients[1].call('member.add', { groupId: id, userIds: [stranger.id] });
    assert.deepEqual(await linesIn(id, bob), [{ event: 'added', by: bob.id, userIds: [stranger.id] }]);
    await storesNothing(() => refused(eve.call('member.add', { groupId: id, userIds: [eve.id] }), 'NOT_A_MEMBER'));
  });

  it('a user is not added by somebody whom they have blocked', async () => {
    const { id, members, stranger } = await scene(2);
    const [ann, bob] = members;
    const dan = await person();
    await app.model.Block.create({ userId: Number(stranger.id), blockedId: Number(ann.id) });
    await app.model.Block.create({ userId: Number(bob.id), blockedId: Number(ann.id) });
    const add = (...persons: Person[]) => ann.call('member.add', { groupId: id, userIds: idsOf(persons) });
    await storesNothing(() => refused(add(dan, stranger), 'BLOCKED'));
    assert.equal((await add(dan, bob)).memberCount, 3, 'who is a member already is passed over');
    await makeAdmin(id, bob);
    await bob.call('member.add', { groupId: id, userIds: [stranger.id] });
  });

  it('adding a member again changes nothing, also when the group is full', async () => {
    const { id, group, members } = await scene(3);
    mm(app.config.im, 'groupMaxMembers', 2);
    const [ann, bob] = members;
    await storesNothing(async () => {
      assert.deepEqual(await ann.call('member.add', { groupId: id, userIds: [bob.id] }), group);
    });
  });

  it('a user whom two add at the same time becomes a member once', async () => {
    const { id, members, clients, stranger } = await scene(2);
    const [ann, bob] = members;
    await makeAdmin(id, bob);
    const both = [ann, bob].map(each => each.call('member.add', { groupId: id, userIds: [stranger.id] }));
    for (const group of await Promise.all(both)) assert.equal(group.memberCount, 3);
    assert.equal((await toldTo(clients[0], 'group.members_added')).length, 1);
    assert.equal((await linesIn(id, ann)).length, 1);
  });
});

describe('a member who is removed', () => {
  it('a removed member is told, as all are, and can neither send nor read from then on', async () => {
    const { id, members, clients, second } = await scene(3);
    const [ann, bob, cat] = members;
    const [, b, c] = clients;
    await c.send({ conversationId: id, ...text('hello') });
    const group = await ann.ask('member.remove', { id, body: { userIds: [cat.id, '7'] } });
    assert.equal(group.memberCount, 2);
    await b.send({ conversationId: id, ...text('without Cat') });
    await allTold([...clients, second], 'group.members_removed', { userIds: [cat.id], by: ann.id });
    assert.deepEqual(await linesIn(id, bob), [{ event: 'removed', by: ann.id, userIds: [cat.id] }]);
    await storesNothing(async () => {
      await refused(c.send({ conversationId: id, ...text('hello?') }), 'NOT_A_MEMBER');
      await refused(c.request('conversation:read', { conversationId: id, seq: 1 }), 'NOT_A_MEMBER');
      await refused(cat.ask('message.index', { id }), 'NOT_A_MEMBER');
      await refused(cat.ask('conversation.show', { id }), 'NOT_A_MEMBER');
    });
    assert.deepEqual(await cat.ask('conversation.index'), []);
    const { entries, head } = await c.request('sync:pull', { after: 0 });
    assert.deepEqual([head, entries], [3, c.replica.entries], 'what she had got she keeps');
  });

  it('the owner removes anybody, and an admin removes plain members', async () => {
    const [ann, bob, cat, dan] = await people(4);
    const { id } = await groupOf([ann, bob, cat, dan]);
    await makeAdmin(id, bob);
    const remove = (who: Person, ...persons: Person[]) =>
      who.ask('member.remove', { id, body: { userIds: idsOf(persons) } });
    await storesNothing(async () => {
      await refused(remove(cat, dan), 'FORBIDDEN');
      await refused(remove(cat, cat), 'FORBIDDEN');
      await refused(remove(bob, ann), 'FORBIDDEN');
      await refused(remove(bob, cat, bob), 'FORBIDDEN');
      await refused(remove(ann, ann), 'FORBIDDEN');
    });
    await remove(bob, cat);
    await remove(ann, bob, dan);
    assert.deepEqual(await rolesIn(id, ann), { [ann.id]: 'owner' });
  });

  it('members are removed over the event too, and plain members remove nobody', async () => {
    const { id, members, clients } = await scene(3);
    const [ann, bob, cat] = members;
    const group = await clients[0].call('member.remove', { groupId: id, userIds: [cat.id] });
    assert.equal(group.memberCount, 2);
    await storesNothing(async () => {
      await refused(clients[1].call('member.remove', { groupId: id, userIds: [cat.id] }), 'FORBIDDEN');
      assert.deepEqual(await ann.call('member.remove', { groupId: id, userIds: [cat.id] }), group);
    });
    assert.deepEqual(Object.keys(await rolesIn(id, bob)).length, 2);
  });

  it('a removed member may come back, and sees what is new since then', async () => {
    const [ann, bob] = await people(2);
    const { id } = await groupOf([ann, bob]);
    const say = (words: string) => ann.ask('message.create', { id, body: text(words) });
    await say('one');
    await ann.ask('member.remove', { id, body: { userIds: [bob.id] } });
    await say('two');
    await ann.ask('member.add', { id, body: { userIds: [bob.id] } });
    await say('three');
    assert.deepEqual(
      (await bob.ask('message.index', { id })).map(each => each.content),
      [{ event: 'added', by: ann.id, userIds: [bob.id] }, { text: 'three' }],
    );
    assert.equal((await bob.ask('conversation.show', { id })).unread, 1);
  });

  it('a removed member comes back as a plain member, without earlier settings', async () => {
    const { id, members } = await scene(2);
    const [ann, bob] = members;
    await ann.call('member.update', { groupId: id, userId: bob.id, role: 'admin' });
    await bob.call('member.update', { groupId: id, userId: bob.id, alias: 'Bobby' });
    const where = { conversationId: Number(id), userId: Number(bob.id) };
    await app.model.ConversationMember.update({ pinnedAt: new Date(), notify: 'none', draft: 'dear' }, { where });
    await ann.call('member.remove', { groupId: id, userIds: [bob.id] });
    await ann.call('member.add', { groupId: id, userIds: [bob.id] });
    const listed = await bob.call('member.index', { groupId: id, limit: 10 });
    const { role, alias } = listed.find(each => each.userId === bob.id)!;
    assert.deepEqual([role, alias], ['member', undefined]);
    await refused(bob.call('group.update', { groupId: id, name: 'Mine' }), 'FORBIDDEN');
    const row = (await app.model.ConversationMember.findOne({ where }))!;
    assert.deepEqual([row.pinnedAt, row.notify, row.draft], [null, 'normal', null]);
  });
});

describe('leaving a group', () => {
  it('all members are told that one has left, also the one who left', async () => {
    const { id, members, clients, second } = await scene(2);
    const [ann, bob] = members;
    await clients[1].call('group.leave', { groupId: id });
    await allTold([...clients, second], 'group.members_removed', { userIds: [bob.id], by: bob.id });
    assert.deepEqual(await linesIn(id, ann), [{ event: 'left', by: bob.id }]);
    assert.ok(!(await streamOf(bob)).includes('message.new'), 'the line is for those who are left');
    await refused(bob.ask('group.leave', { id }), 'NOT_A_MEMBER');
  });

  it('an admin becomes the owner when the owner leaves, or else the member who joined first', async () => {
    const [ann, bob, cat] = await people(3);
    const dan = await person();
    const { id } = await groupOf([ann, bob]);
    await ann.ask('member.add', { id, body: { userIds: [cat.id] } });
    await ann.ask('member.add', { id, body: { userIds: [dan.id] } });
    await makeAdmin(id, dan);
    await ann.ask('group.leave', { id });
    assert.equal((await bob.ask('group.show', { id })).ownerId, dan.id);
    assert.deepEqual(await rolesIn(id, bob), { [bob.id]: 'member', [cat.id]: 'member', [dan.id]: 'owner' });
    await dan.ask('group.leave', { id });
    assert.deepEqual(await rolesIn(id, bob), { [bob.id]: 'owner', [cat.id]: 'member' });
    await bob.ask('member.remove', { id, body: { userIds: [cat.id] } });
    await bob.ask('group.leave', { id });
    await refused(bob.ask('group.show', { id }), 'CONVERSATION_NOT_FOUND');
  });

  it('the members who are left are told who owns the group now', async () => {
    const { id, members, clients } = await scene(3);
    const [ann, bob, cat] = members;
    await makeAdmin(id, cat);
    const mutedUntil = new Date(Date.now() + 3_600_000).toISOString();
    await ann.call('member.update', { groupId: id, userId: cat.id, mutedUntil });
    await ann.call('group.leave', { groupId: id });
    const group = await bob.call('group.show', { groupId: id });
    assert.deepEqual([group.ownerId, group.memberCount], [cat.id, 2]);
    const left = clients.slice(1);
    await allTold(left, 'group.updated', { group, by: ann.id });
    const muted = { userId: cat.id, role: 'admin', mutedUntil, by: ann.id } as const;
    await allTold(left, 'group.member_updated', muted, { userId: cat.id, role: 'owner', by: ann.id });
    await clients[2].send({ conversationId: id, ...text('it is mine now') });
    assert.ok(!(await streamOf(ann)).includes('group.updated'));
  });

  it('no message is lost, and no gap is left, when a member leaves while others write', async () => {
    const members = await people(4);
    const { id } = await groupOf(members);
    const clients = await Promise.all(members.map(each => each.connect()));
    const sends = clients
      .slice(0, 3)
      .flatMap(client => Array.from({ length: 30 }, () => client.send({ conversationId: id, ...text('busy') })));
    const [sent] = await Promise.all([Promise.all(sends), members[3].ask('group.leave', { id })]);
    const [{ seq: leaving }] = (await members[0].ask('message.index', { id, query: { limit: 200 } })).filter(
      each => each.type === 'system',
    );
    assert.deepEqual(
      [leaving, ...sent.map(each => each.seq)].sort((x, y) => x - y),
      Array.from({ length: 91 }, (_, index) => index + 1),
    );
    const { head } = await members[3].ask('sync.pull', { query: { after: 0 } });
    await clients[3].reaches(head);
    assert.equal(clients[3].replica.entries.at(-1)!.type, 'group.members_removed');
    for (const client of clients.slice(0, 3)) {
      await client.until(() => client.replica.messages.length === 91 || undefined, '90 messages and a line');
    }
  });
});
