import assert from 'node:assert/strict';
import { groupOf, idsOf, makeAdmin, rolesIn } from '../support/group';
import { people, person, text, type Person } from '../support/person';
import { refused } from '../support/refusal';
import { storesNothing } from '../support/service';

describe('a new member', () => {
  it('is told, as all are, and sees the history from then on', async () => {
    const [ann, bob, cat] = await people(3);
    const { id } = await groupOf([ann, bob]);
    const [a, b, c] = await Promise.all([ann, bob, cat].map(each => each.connect()));
    await a.send({ conversationId: id, ...text('before') });
    const group = await ann.ask('group.add', { id, body: { userIds: [cat.id, bob.id] } });
    assert.equal(group.memberCount, 3);
    await a.send({ conversationId: id, ...text('after') });

    const data = { group, userIds: [cat.id], by: ann.id };
    for (const [client, place] of [
      [a, 3],
      [b, 3],
      [c, 1],
    ] as const) {
      await client.reaches(place + 1);
      const { type, data: told } = client.replica.entries[place - 1];
      assert.deepEqual([type, told], ['group.members_added', data]);
    }
    const seen = ['after'].map(words => ({ text: words }));
    assert.deepEqual(
      c.replica.messages.map(each => each.content),
      seen,
    );
    for (const query of [{}, { after: 0 }, { before: 3 }]) {
      const history = await cat.ask('message.index', { id, query: query as Record<string, number> });
      assert.deepEqual(
        history.map(each => each.content),
        seen,
      );
    }
    const shown = await cat.ask('conversation.show', { id });
    assert.deepEqual([shown.lastSeq, shown.readSeq, shown.unread], [2, 1, 1]);
  });

  it('who has read nothing yet has nothing unread, and no last message', async () => {
    const [ann, bob, cat] = await people(3);
    const { id } = await groupOf([ann, bob]);
    await ann.ask('message.create', { id, body: text('before') });
    await ann.ask('group.add', { id, body: { userIds: [cat.id] } });
    const shown = await cat.ask('conversation.show', { id });
    assert.deepEqual([shown.unread, shown.lastMessage], [0, undefined]);
  });

  it('may be added by the owner and admins, and not by plain members', async () => {
    const [ann, bob, cat, dan, eve] = await people(5);
    const { id } = await groupOf([ann, bob, cat]);
    await makeAdmin(id, bob);
    await refused(cat.ask('group.add', { id, body: { userIds: [dan.id] } }), 'FORBIDDEN');
    await bob.ask('group.add', { id, body: { userIds: [dan.id] } });
    await ann.ask('group.add', { id, body: { userIds: [eve.id] } });
    assert.equal((await rolesIn(id, ann))[eve.id], 'member');
    await refused(ann.ask('group.add', { id, body: { userIds: ['7'] } }), 'USER_NOT_FOUND');
  });
});

describe('a member who is removed', () => {
  it('is told, as all are, and can neither send nor read from then on', async () => {
    const [ann, bob, cat] = await people(3);
    const { id } = await groupOf([ann, bob, cat]);
    const [a, b, c] = await Promise.all([ann, bob, cat].map(each => each.connect()));
    await c.send({ conversationId: id, ...text('hello') });
    const group = await ann.ask('group.remove', { id, body: { userIds: [cat.id, '7'] } });
    assert.equal(group.memberCount, 2);
    await b.send({ conversationId: id, ...text('without Cat') });
    for (const client of [a, b, c]) {
      await client.reaches(3);
      const { type, data } = client.replica.entries[2];
      assert.deepEqual([type, data], ['group.members_removed', { userIds: [cat.id], by: ann.id }]);
    }
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

  it('was removed by somebody who may: the owner anybody, an admin plain members', async () => {
    const [ann, bob, cat, dan] = await people(4);
    const { id } = await groupOf([ann, bob, cat, dan]);
    await makeAdmin(id, bob);
    const remove = (who: Person, ...persons: Person[]) =>
      who.ask('group.remove', { id, body: { userIds: idsOf(persons) } });
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

  it('may come back, and sees what is new since then', async () => {
    const [ann, bob] = await people(2);
    const { id } = await groupOf([ann, bob]);
    const say = (words: string) => ann.ask('message.create', { id, body: text(words) });
    await say('one');
    await ann.ask('group.remove', { id, body: { userIds: [bob.id] } });
    await say('two');
    await ann.ask('group.add', { id, body: { userIds: [bob.id] } });
    await say('three');
    assert.deepEqual(
      (await bob.ask('message.index', { id })).map(each => each.seq),
      [3],
    );
    assert.equal((await bob.ask('conversation.show', { id })).unread, 1);
  });
});

describe('leaving a group', () => {
  it('is told to all, also to the one who left', async () => {
    const [ann, bob] = await people(2);
    const { id } = await groupOf([ann, bob]);
    const [a, b] = [await ann.connect(), await bob.connect()];
    await bob.ask('group.leave', { id });
    for (const client of [a, b]) {
      await client.reaches(2);
      const { type, data } = client.replica.entries[1];
      assert.deepEqual([type, data], ['group.members_removed', { userIds: [bob.id], by: bob.id }]);
    }
    await refused(bob.ask('group.leave', { id }), 'NOT_A_MEMBER');
  });

  it('makes an admin the owner, or else who joined first', async () => {
    const [ann, bob, cat] = await people(3);
    const dan = await person();
    const { id } = await groupOf([ann, bob]);
    await ann.ask('group.add', { id, body: { userIds: [cat.id] } });
    await ann.ask('group.add', { id, body: { userIds: [dan.id] } });
    await makeAdmin(id, dan);
    await ann.ask('group.leave', { id });
    assert.equal((await bob.ask('group.show', { id })).ownerId, dan.id);
    assert.deepEqual(await rolesIn(id, bob), { [bob.id]: 'member', [cat.id]: 'member', [dan.id]: 'owner' });
    await dan.ask('group.leave', { id });
    assert.deepEqual(await rolesIn(id, bob), { [bob.id]: 'owner', [cat.id]: 'member' });
    await bob.ask('group.remove', { id, body: { userIds: [cat.id] } });
    await bob.ask('group.leave', { id });
    await refused(bob.ask('group.show', { id }), 'NOT_A_MEMBER');
  });

  it('while others write loses nothing and leaves no gap', async () => {
    const members = await people(4);
    const { id } = await groupOf(members);
    const clients = await Promise.all(members.map(each => each.connect()));
    const sends = clients
      .slice(0, 3)
      .flatMap(client => Array.from({ length: 30 }, () => client.send({ conversationId: id, ...text('busy') })));
    const [sent] = await Promise.all([Promise.all(sends), members[3].ask('group.leave', { id })]);
    assert.deepEqual(
      sent.map(each => each.seq).sort((x, y) => x - y),
      sent.map((_, index) => index + 1),
    );
    const { head } = await members[3].ask('sync.pull', { query: { after: 0 } });
    await clients[3].reaches(head);
    assert.equal(clients[3].replica.entries.at(-1)!.type, 'group.members_removed');
    for (const client of clients.slice(0, 3)) {
      await client.until(() => client.replica.messages.length === 90 || undefined, '90 messages');
    }
  });
});
