import assert from 'node:assert/strict';
import type { UpdateGroup } from '../../../app/schema/group';
import { allTold, linesIn, makeAdmin, scene, streamOf, toldTo } from '../../support/group';
import { person, text } from '../../support/person';
import { refused } from '../../support/refusal';
import { otherProcess, storesNothing } from '../../support/service';
import { draftOf } from '../../support/writer';

describe('changing a group', () => {
  it('a change of a group is told to all members, on all devices, and to nobody else', async () => {
    const { id, group, members, clients, second, stranger } = await scene(3);
    const [ann, bob, cat] = members;
    const changes = { avatar: '/files/new.png', joinPolicy: 'approval', history: 'all' } as const;
    const changed = await ann.call('group.update', { groupId: id, ...changes });
    assert.deepEqual(changed, { ...group, ...changes });
    await allTold([...clients, second], 'group.updated', { group: changed, by: ann.id });
    assert.deepEqual(await bob.call('group.show', { groupId: id }), changed);
    assert.deepEqual(await linesIn(id, cat), [], 'nothing of this is said in the conversation');
    assert.deepEqual(await streamOf(stranger), []);
  });

  it('a group can be changed over the event too, and a pull gives what was pushed', async () => {
    const { id, members, clients } = await scene(2);
    const [ann, bob] = members;
    const changed = await clients[0].call('group.update', { groupId: id, name: '周末 hiking' });
    assert.equal(changed.name, '周末 hiking');
    await allTold([clients[1]], 'group.updated', { group: changed, by: ann.id });
    await clients[1].reaches(3);
    const { entries } = await bob.call('sync.pull', { after: 0, limit: 10 });
    assert.deepEqual(entries, clients[1].replica.entries);
    assert.deepEqual(entries.at(-1)?.data, clients[1].replica.entries[2].data);
    assert.equal((await bob.call('conversation.show', { conversationId: id })).name, '周末 hiking');
  });

  it('changes that concern everybody are announced in the conversation, and are not unread', async () => {
    const { id, members } = await scene(2);
    const [ann, bob] = members;
    const update = (changes: UpdateGroup) => ann.call('group.update', { groupId: id, ...changes });
    await update({ name: 'Tea', announcement: 'On Friday', muteAll: true });
    await update({ announcement: null, muteAll: false });
    const by = ann.id;
    assert.deepEqual(await linesIn(id, bob), [
      { event: 'renamed', by, name: 'Tea' },
      { event: 'announced', by },
      { event: 'muted', by },
      { event: 'unmuted', by },
    ]);
    const shown = await bob.call('conversation.show', { conversationId: id });
    assert.deepEqual([shown.unread, shown.lastSeq, shown.lastMessage?.type], [0, 4, 'system']);
    assert.equal(shown.lastMessage?.senderId, undefined);
  });

  it('null takes an avatar away, and an empty text takes the announcement away', async () => {
    const given = { avatar: '/files/a.png', announcement: 'Welcome' };
    const { id, group, members } = await scene(2, given);
    assert.deepEqual([group.avatar, group.announcement], Object.values(given));
    const rest = { ...group };
    delete rest.avatar;
    delete rest.announcement;
    const changed = await members[0].call('group.update', { groupId: id, avatar: null, announcement: '' });
    assert.deepEqual(changed, rest);
    assert.deepEqual(await members[1].call('group.show', { groupId: id }), rest);
  });

  it('a change to what is set already stores and tells nothing', async () => {
    const { id, group, members } = await scene(2, { announcement: 'Welcome', joinPolicy: 'open' });
    const [ann] = members;
    const { name, announcement, joinPolicy, history, muteAll } = group;
    await storesNothing(async () => {
      assert.deepEqual(await ann.call('group.update', { groupId: id }), group);
      const same = { name, announcement, joinPolicy, history, muteAll, avatar: null };
      assert.deepEqual(await ann.call('group.update', { groupId: id, ...same }), group);
    });
    const muted = await ann.call('group.update', { groupId: id, muteAll: true });
    await storesNothing(async () => {
      assert.deepEqual(await ann.call('group.update', { groupId: id, muteAll: true }), muted);
    });
  });

  it('owner and admins change a group, and nobody else', async () => {
    const { id, members, clients, stranger } = await scene(3);
    const [, bob, cat] = members;
    const foreigner = await person({ app: 'other' });
    await makeAdmin(id, bob);
    const change = { groupId: id, name: 'Mine' };
    await storesNothing(async () => {
      await refused(cat.call('group.update', change), 'FORBIDDEN');
      await refused(clients[2].call('group.update', change), 'FORBIDDEN');
      await refused(stranger.call('group.update', change), 'NOT_A_MEMBER');
      await refused(foreigner.call('group.update', change), 'CONVERSATION_NOT_FOUND');
      await refused(bob.call('group.update', { ...change, name: ' ' }), 'INVALID_INPUT');
      await refused(bob.call('group.update', { ...change, name: null } as never), 'INVALID_INPUT');
      await refused(bob.call('group.update', { ...change, ownerId: bob.id } as never), 'INVALID_INPUT');
      await refused(bob.call('group.update', { ...change, joinPolicy: 'closed' } as never), 'INVALID_INPUT');
    });
    assert.equal((await bob.call('group.update', change)).name, 'Mine');
  });

  it('two changes at once are both kept, and all devices end with the same group', async () => {
    const { id, members, clients } = await scene(2);
    const [ann, bob] = members;
    await makeAdmin(id, bob);
    await Promise.all([
      ann.call('group.update', { groupId: id, name: 'Tea' }),
      bob.call('group.update', { groupId: id, announcement: 'On Friday' }),
    ]);
    const group = await bob.call('group.show', { groupId: id });
    assert.deepEqual([group.name, group.announcement], ['Tea', 'On Friday']);
    for (const client of clients) assert.deepEqual((await toldTo(client, 'group.updated', 2))[1].group, group);
  });
});

describe('a group in which all are muted', () => {
  it('only owner and admins write to a muted group, until it is unmuted', async () => {
    const { id, members, clients } = await scene(3);
    const [ann, bob] = members;
    await makeAdmin(id, bob);
    const say = (index: number) => clients[index].send({ conversationId: id, ...text('hello') });
    await say(2);
    await ann.call('group.update', { groupId: id, muteAll: true });
    await storesNothing(() => refused(say(2), 'MUTED'));
    await say(0);
    await say(1);
    await bob.call('group.update', { groupId: id, muteAll: false });
    await say(2);
  });

  it('a mute of all counts at once in another process that has cached the members', async () => {
    const { id, members } = await scene(2);
    const [ann, bob] = members;
    const { writer } = otherProcess().engine;
    await writer.send(draftOf(bob, id));
    await ann.call('group.update', { groupId: id, muteAll: true });
    await assert.rejects(writer.send(draftOf(bob, id)), { code: 'MUTED' });
    await writer.send(draftOf(ann, id));
  });
});
