import assert from 'node:assert/strict';
import { once } from 'node:events';
import { newId } from '../../../app/lib/database/ids';
import { befriend } from '../../support/friends';
import { allTold, groupOf, idsOf, streamOf } from '../../support/group';
import { people, person, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, connectedProcess, count, mm } from '../../support/service';
import { draftOf } from '../../support/writer';

const update = (who: Person, changes: object) => who.ask('user.update', { body: changes });

describe('a change of a profile', () => {
  it('reaches the other devices of the user and all friends, and nobody else', async () => {
    const [ann, bob, cat] = await people(3);
    await befriend(ann, bob);
    await groupOf([ann, cat]);
    const [own, friend] = [await (await ann.login()).connect(), await bob.connect()];
    const me = await update(ann, { name: 'Anna', signature: 'hi' });
    const user = await bob.call('user.show', { userId: ann.id });
    assert.equal(user.version, 1);
    await allTold([own], 'me.updated', { me });
    await allTold([friend], 'user.updated', { user });
    assert.equal((await streamOf(ann)).includes('user.updated'), false);
    assert.deepEqual(await streamOf(cat), ['group.created']);

    await update(ann, { name: 'Anna', signature: 'hi' });
    await allTold([own], 'me.updated', { me });
    const private_ = await update(ann, { phone: '4912345678' });
    await allTold([own], 'me.updated', { me }, { me: private_ });
    await allTold([friend], 'user.updated', { user });
  });

  it('raises the version only where it changes the card', async () => {
    const ann = await person();
    assert.equal((await update(ann, { signature: 'hi' })).version, undefined);
    assert.equal((await update(ann, { avatar: '/files/a.png' })).version, 1);
    assert.equal((await update(ann, { avatar: '/files/a.png', name: 'Anna' })).version, 2);
  });

  it('reaches thousands of friends, a thousand in each transaction', async () => {
    const ann = await person();
    const userId = Number(ann.id);
    const first = newId();
    const friendIds = Array.from({ length: 2001 }, (_, index) => first + index);
    await app.model.UserInbox.bulkCreate(friendIds.map(id => ({ userId: id })));
    await app.model.Friend.bulkCreate(friendIds.map(friendId => ({ userId, friendId })));
    const { transact } = app.engine;
    let units = 0;
    mm(app.engine, 'transact', (work: never) => {
      units++;
      return transact(work);
    });
    await update(ann, { name: 'Anna' });
    const told = (from: number) =>
      count("push_history WHERE type = 'user.updated' AND receiver_id BETWEEN :from AND :to", {
        from,
        to: from + 2000,
      });
    assert.deepEqual([await told(first), units], [2001, 3]);
  });

  it('by two devices at once leaves friends with what the user has in the end', async () => {
    const [ann, bob] = await people(2);
    await befriend(ann, bob);
    const friend = await bob.connect();
    await Promise.all(['A', 'B', 'C', 'D'].map(name => update(ann, { name })));
    const users = await toldNames(friend, 4);
    const { name, version } = await ann.ask('user.me');
    assert.deepEqual(users.at(-1), { name, version });
    assert.deepEqual(
      users.map(each => each.version),
      [1, 2, 3, 4],
    );
  });

  it('is shown in lists of members, in single conversations and by whoever looks them up', async () => {
    const [ann, bob] = await people(2);
    const { id: groupId } = await groupOf([ann, bob]);
    const { conversationId } = await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('hello') } });
    await update(ann, { name: 'Anna', avatar: '/files/a.png' });
    const card = { name: 'Anna', avatar: '/files/a.png', version: 1 };
    const members = await bob.call('member.index', { groupId, limit: 10 });
    const { name, avatar, version } = members.find(each => each.userId === ann.id)!;
    assert.deepEqual({ name, avatar, version }, card);
    const single = await bob.call('conversation.show', { conversationId });
    assert.deepEqual({ name: single.name, avatar: single.avatar, version: single.peerVersion }, card);
    assert.deepEqual(await bob.call('user.batch', { userIds: [ann.id] }), [{ id: ann.id, ...card }]);
  });

  it('is noticed by the version that messages carry, whichever node stores them', async () => {
    const [ann, bob] = await people(2);
    const { id } = await groupOf([ann, bob]);
    const other = await connectedProcess();
    const send = async () => (await other.engine.writer.send(draftOf(ann, id))).message.senderVersion;
    const first = await ann.ask('message.create', { id, body: text('before') });
    assert.deepEqual([first.senderVersion, await send()], [undefined, 0]);
    const heard = once(other.io.of('/im'), 'card');
    await update(ann, { name: 'Anna' });
    await heard;
    assert.equal(await send(), 1);
    const client = await bob.connect();
    const sent = await ann.ask('message.create', { id, body: text('after') });
    assert.equal(sent.senderVersion, 1);

    const versions = [undefined, undefined, 1, 1];
    const history = await bob.call('message.index', { conversationId: id, limit: 10 });
    assert.deepEqual(
      history.map(each => each.senderVersion),
      versions,
    );
    await client.until(() => client.replica.messages.length === 4 || undefined, 'all messages');
    assert.deepEqual(
      client.replica.messages.map(each => each.senderVersion),
      versions,
    );
  });
});

async function toldNames(friend: Awaited<ReturnType<Person['connect']>>, howMany: number) {
  const told = () => friend.replica.entries.flatMap(each => ('user' in each.data ? [each.data.user] : []));
  await friend.until(() => told().length === howMany || undefined, `${howMany} changes`);
  return told().map(({ name, version }) => ({ name, version }));
}

describe('cards', () => {
  it('come in the order of the ids, without those who are not there', async () => {
    const [ann, bob, cat] = await people(3);
    const foreigner = await person({ app: 'elsewhere' });
    const userIds = [cat.id, foreigner.id, ann.id, '7', bob.id];
    const device = await ann.connect();
    for (const caller of [ann, device]) {
      const cards = await caller.call('user.batch', { userIds });
      assert.deepEqual(
        cards.map(each => each.id),
        idsOf([cat, ann, bob]),
      );
    }
    const many = Array.from({ length: 101 }, (_, index) => String(index + 1));
    await refused(ann.call('user.batch', { userIds: many }), 'INVALID_INPUT');
    assert.deepEqual(await ann.call('user.batch', { userIds: many.slice(0, 100) }), []);
  });
});
