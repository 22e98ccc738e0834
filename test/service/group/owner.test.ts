import assert from 'node:assert/strict';
import { allTold, groupOf, linesIn, makeAdmin, rolesIn, scene, streamOf, toldTo } from '../../support/group';
import { messageOf, people, person, text } from '../../support/person';
import { Refusal, refused } from '../../support/refusal';
import { app, count, otherProcess, storesNothing } from '../../support/service';
import { draftOf } from '../../support/writer';

describe('the ownership of a group', () => {
  it('the owner makes another member the owner and becomes an admin, and all are told', async () => {
    const { id, group, members, clients, second, stranger } = await scene(3);
    const [ann, bob, cat] = members;
    const changed = await ann.call('group.transfer', { groupId: id, userId: bob.id });
    assert.deepEqual(changed, { ...group, ownerId: bob.id });
    assert.deepEqual(await rolesIn(id, cat), { [ann.id]: 'admin', [bob.id]: 'owner', [cat.id]: 'member' });
    const by = ann.id;
    const devices = [...clients, second];
    await allTold(devices, 'group.updated', { group: changed, by });
    const told = [
      { userId: bob.id, role: 'owner', by },
      { userId: ann.id, role: 'admin', by },
    ] as const;
    await allTold(devices, 'group.member_updated', ...told);
    assert.deepEqual(await linesIn(id, cat), [{ event: 'transferred', by, userIds: [bob.id] }]);
    assert.deepEqual(await streamOf(stranger), []);

    await refused(clients[0].call('group.transfer', { groupId: id, userId: cat.id }), 'FORBIDDEN');
    await clients[1].call('group.transfer', { groupId: id, userId: cat.id });
    assert.equal((await ann.call('group.show', { groupId: id })).ownerId, cat.id);
  });

  it('only the owner transfers a group, and only to another member', async () => {
    const { id, group, members, stranger } = await scene(3);
    const [ann, bob, cat] = members;
    const foreigner = await person({ app: 'other' });
    await makeAdmin(id, bob);
    const to = (userId: string) => ({ groupId: id, userId });
    await storesNothing(async () => {
      await refused(bob.call('group.transfer', to(bob.id)), 'FORBIDDEN');
      await refused(cat.call('group.transfer', to(cat.id)), 'FORBIDDEN');
      await refused(stranger.call('group.transfer', to(stranger.id)), 'NOT_A_MEMBER');
      await refused(foreigner.call('group.transfer', to(foreigner.id)), 'CONVERSATION_NOT_FOUND');
      await refused(ann.call('group.transfer', to(stranger.id)), 'USER_NOT_FOUND');
      assert.deepEqual(await ann.call('group.transfer', to(ann.id)), group);
    });
  });

  it('of two transfers at the same time one is refused', async () => {
    const { id, members } = await scene(3);
    const [ann, bob, cat] = members;
    const both = [bob, cat].map(each => ann.call('group.transfer', { groupId: id, userId: each.id }));
    const settled = await Promise.allSettled(both);
    assert.deepEqual(settled.map(each => each.status).sort(), ['fulfilled', 'rejected']);
    const roles = await rolesIn(id, ann);
    const owner = Object.keys(roles).filter(userId => roles[userId] === 'owner');
    assert.deepEqual(owner, [(await ann.call('group.show', { groupId: id })).ownerId]);
  });

  it('the new owner is not muted any more, also in another process', async () => {
    const { id, members } = await scene(2);
    const [ann, bob] = members;
    const { writer } = otherProcess().engine;
    const mutedUntil = new Date(Date.now() + 3_600_000).toISOString();
    await ann.call('member.update', { groupId: id, userId: bob.id, mutedUntil });
    await assert.rejects(writer.send(draftOf(bob, id)), { code: 'MUTED' });
    await ann.call('group.transfer', { groupId: id, userId: bob.id });
    await writer.send(draftOf(bob, id));
  });
});

describe('a group that is dissolved', () => {
  it('a dissolved group is gone for all members, who are told on all devices', async () => {
    const { id, members, clients, second, stranger } = await scene(3);
    const [ann] = members;
    await clients[1].send({ conversationId: id, ...text('hello') });
    await ann.call('group.dissolve', { groupId: id });
    await allTold([...clients, second], 'group.dissolved', { by: ann.id });
    for (const client of clients) assert.equal(client.replica.entries.at(-1)?.conversationId, id);
    for (const each of members) assert.deepEqual(await each.ask('conversation.index'), []);
    assert.deepEqual(await streamOf(stranger), []);
  });

  it('no call finds a dissolved group any more', async () => {
    const { id, members, clients, stranger } = await scene(2, { joinPolicy: 'open' });
    const [ann, bob] = members;
    await clients[0].send({ conversationId: id, ...text('hello') });
    const { writer } = otherProcess().engine;
    await writer.send(draftOf(bob, id));
    await clients[0].call('group.dissolve', { groupId: id });
    const group = { groupId: id };
    const bobIn = { ...group, userId: bob.id };
    const strangers = { ...group, userIds: [stranger.id] };
    await storesNothing(async () => {
      for (const attempt of [
        () => ann.call('group.show', group),
        () => ann.call('group.update', { ...group, name: 'x' }),
        () => ann.call('group.transfer', bobIn),
        () => ann.call('group.dissolve', group),
        () => ann.call('group.leave', group),
        () => stranger.call('group.show', group),
        () => stranger.call('group.join', group),
        () => ann.call('member.index', { ...group, limit: 10 }),
        () => ann.call('member.add', strangers),
        () => ann.call('member.remove', { ...group, userIds: [bob.id] }),
        () => ann.call('member.update', { ...bobIn, role: 'admin' }),
        () => ann.call('member.invite', strangers),
        () => ann.call('member.requests', { ...group, limit: 10 }),
        () => ann.call('member.answer', { ...bobIn, answer: 'accept' }),
        () => bob.call('member.answer', { ...bobIn, answer: 'accept' }),
        () => ann.call('conversation.show', { conversationId: id }),
        () => ann.call('message.index', { conversationId: id, limit: 10 }),
        () => clients[1].send({ conversationId: id, ...text('hello?') }),
        () => clients[1].request('conversation:read', { conversationId: id, seq: 1 }),
      ]) {
        await refused(attempt(), 'CONVERSATION_NOT_FOUND');
      }
      await assert.rejects(writer.send(draftOf(bob, id)), { code: 'CONVERSATION_NOT_FOUND' });
    });
  });

  it('a dissolved group leaves nothing but its messages, which are marked for deletion', async () => {
    const { id, members, stranger } = await scene(2, { joinPolicy: 'approval' });
    const [ann] = members;
    await ann.ask('message.create', { id, body: text('hello') });
    await stranger.call('group.join', { groupId: id });
    await ann.call('group.dissolve', { groupId: id });
    const left = (from: string) => count(from, { id });
    assert.deepEqual(
      await Promise.all([
        left('conversation WHERE id = :id'),
        left('chat_group WHERE id = :id'),
        left('conversation_member WHERE conversation_id = :id'),
        left('group_request WHERE group_id = :id'),
        left('dissolved_conversation WHERE conversation_id = :id'),
      ]),
      [0, 0, 0, 0, 1],
    );
    assert.deepEqual(await stranger.call('member.invitations', { limit: 10 }), []);
    assert.deepEqual(await streamOf(stranger), ['group.requests', 'group.dissolved'], 'who waits for it learns of it');
  });

  it('only the owner dissolves a group', async () => {
    const { id, members, stranger } = await scene(3);
    const [, bob, cat] = members;
    const foreigner = await person({ app: 'other' });
    await makeAdmin(id, bob);
    await storesNothing(async () => {
      await refused(bob.call('group.dissolve', { groupId: id }), 'FORBIDDEN');
      await refused(cat.call('group.dissolve', { groupId: id }), 'FORBIDDEN');
      await refused(stranger.call('group.dissolve', { groupId: id }), 'NOT_A_MEMBER');
      await refused(foreigner.call('group.dissolve', { groupId: id }), 'CONVERSATION_NOT_FOUND');
    });
  });

  it('a single conversation can not be dissolved', async () => {
    const [ann, bob] = await people(2);
    const sent = await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('between us') } });
    await storesNothing(async () => {
      await refused(ann.call('group.dissolve', { groupId: sent.conversationId }), 'CONVERSATION_NOT_FOUND');
    });
  });

  it('a group that is dissolved while many write has stored each message before its end, or refused it', async () => {
    const { id, members, clients } = await scene(3);
    const [ann, bob] = members;
    const { writer } = otherProcess().engine;
    const drafts = Array.from({ length: 200 }, () => draftOf(bob, id));
    const sends = [
      ...clients.flatMap(client =>
        Array.from({ length: 60 }, () => client.send({ conversationId: id, ...text('busy') }).then(messageOf)),
      ),
      ...drafts.map(draft => writer.send(draft)),
    ];
    // When the first ack comes, some messages are stored and most are under way.
    await Promise.race(sends);
    const dissolved = ann.call('group.dissolve', { groupId: id });
    const settled = await Promise.allSettled(sends);
    await dissolved;
    const acked: number[] = [];
    for (const each of settled) {
      if (each.status === 'fulfilled') {
        acked.push('message' in each.value ? each.value.message.seq : each.value.seq);
      } else {
        const { code } = each.reason instanceof Refusal ? each.reason.failure : (each.reason as { code: string });
        assert.equal(code, 'CONVERSATION_NOT_FOUND');
      }
    }
    acked.sort((a, b) => a - b);
    assert.deepEqual(
      acked,
      acked.map((_, index) => index + 1),
    );
    for (const client of clients) {
      await toldTo(client, 'group.dissolved');
      assert.equal(client.replica.entries.at(-1)?.type, 'group.dissolved');
      assert.deepEqual(
        client.replica.messages.map(each => each.seq),
        acked,
      );
    }
    assert.equal(await count('message WHERE conversation_id = :id', { id }), acked.length);
  });

  it('of two attempts to dissolve a group at the same time one is refused', async () => {
    const { id, members, clients } = await scene(2);
    const both = await Promise.allSettled([1, 2].map(() => members[0].call('group.dissolve', { groupId: id })));
    assert.deepEqual(both.map(each => each.status).sort(), ['fulfilled', 'rejected']);
    await allTold(clients, 'group.dissolved', { by: members[0].id });
  });
});

describe('a group that all leave', () => {
  it('a group is dissolved when its last member leaves', async () => {
    const { id, members, clients } = await scene(2);
    const [ann, bob] = members;
    await ann.call('group.leave', { groupId: id });
    assert.deepEqual(await rolesIn(id, bob), { [bob.id]: 'owner' });
    await bob.call('group.leave', { groupId: id });
    await allTold([clients[1]], 'group.dissolved', { by: bob.id });
    assert.ok(!(await streamOf(ann)).includes('group.dissolved'), 'who has left hears nothing more');
    for (const each of members) await refused(each.call('group.show', { groupId: id }), 'CONVERSATION_NOT_FOUND');
    assert.equal(await count('dissolved_conversation WHERE conversation_id = :id', { id }), 1);
  });

  it('a group that all members leave at once ends, and leaves nothing behind', async () => {
    const members = await people(5);
    const { id } = await groupOf(members);
    await Promise.all(members.map(each => each.call('group.leave', { groupId: id })));
    assert.equal(await count('conversation_member WHERE conversation_id = :id', { id }), 0);
    assert.equal(await app.model.Conversation.findByPk(Number(id)), null);
    const ends = await Promise.all(members.map(async each => (await streamOf(each)).includes('group.dissolved')));
    assert.equal(ends.filter(Boolean).length, 1);
  });
});
