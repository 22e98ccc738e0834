import assert from 'node:assert/strict';
import { AppError } from '../../../app/schema/errors';
import { befriend, cardOf, friendsOf, headOf, toldAfter } from '../../support/friends';
import { people, person, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, count, otherProcess, storesNothing } from '../../support/service';
import { draftOf } from '../../support/writer';

const block = (one: Person, other: Person) => one.call('block.create', { userId: other.id });
const unblock = (one: Person, other: Person) => one.call('block.remove', { userId: other.id });
const write = (from: Person, to: Person) =>
  from.ask('message.send', { body: { to: { userId: to.id }, ...text('hello') } });

describe('a block', () => {
  it('only the devices of the user who blocks are told of a block', async () => {
    const [ann, bob] = await people(2);
    const laptop = await ann.login();
    const [a, a2] = [await ann.connect(), await laptop.connect()];
    assert.deepEqual(await a.call('block.create', { userId: bob.id }), {});
    assert.deepEqual(await ann.ask('block.index'), [cardOf(bob)]);
    await unblock(laptop, bob);
    for (const client of [a, a2]) {
      await client.reaches(2);
      assert.deepEqual(toldAfter(client), [
        ['block.updated', { userId: bob.id, blocked: true }],
        ['block.updated', { userId: bob.id, blocked: false }],
      ]);
      assert.ok(!('conversationId' in client.replica.entries[0]));
    }
    assert.deepEqual([await headOf(bob), await bob.ask('block.index')], [0, []]);
    assert.deepEqual(await ann.ask('block.index'), []);
  });

  it('a block is made and taken away once, however often that is asked for', async () => {
    const [ann, bob] = await people(2);
    await block(ann, bob);
    await storesNothing(() => block(ann, bob));
    await unblock(ann, bob);
    await storesNothing(() => unblock(ann, bob));
    const socket = await ann.connect();
    const again = () => socket.call('block.create', { userId: bob.id });
    await Promise.all([again(), again(), again()]);
    assert.equal(await headOf(ann), 3);
    await Promise.all([unblock(ann, bob), unblock(ann, bob), unblock(ann, bob)]);
    assert.equal(await headOf(ann), 4);
    assert.equal(await count('block WHERE user_id = :id', { id: ann.id }), 0);
  });

  it('users block other users of their tenant, and not themselves', async () => {
    const [ann, stranger] = [await person(), await person({ app: 'other' })];
    const socket = await ann.connect();
    await storesNothing(async () => {
      await refused(block(ann, ann), 'FORBIDDEN');
      await unblock(ann, ann);
      for (const userId of [stranger.id, '7']) {
        await refused(ann.call('block.create', { userId }), 'USER_NOT_FOUND');
        await refused(socket.call('block.create', { userId }), 'USER_NOT_FOUND');
        await refused(ann.call('block.remove', { userId }), 'USER_NOT_FOUND');
      }
      await refused(ann.ask('block.create', { body: { userId: 7 } }), 'INVALID_INPUT');
    });
  });

  it('blocked users are listed in order of id, page by page', async () => {
    const [ann, ...others] = await people(4);
    for (const other of others) await block(ann, other);
    const sorted = [...others].sort((x, y) => Number(x.id) - Number(y.id)).map(cardOf);
    const first = await ann.callPage('block.index', { limit: 2 });
    const second = await ann.callPage('block.index', { limit: 2, cursor: first.nextCursor });
    assert.deepEqual([first.data, second.data], [sorted.slice(0, 2), sorted.slice(2)]);
    assert.equal(second.nextCursor, undefined);
  });

  it('a block does not end a friendship, which the user who blocks may still end', async () => {
    const [ann, bob] = await people(2);
    await befriend(ann, bob);
    await block(ann, bob);
    assert.deepEqual([await friendsOf(ann), await friendsOf(bob)], [[bob.id], [ann.id]]);
    assert.equal(await headOf(bob), 3);
    await refused(write(bob, ann), 'BLOCKED');
    await ann.call('friend.remove', { userId: bob.id });
    assert.deepEqual(await friendsOf(bob), []);
  });
});

describe('a blocked user', () => {
  it('a blocked user can not write to the other, by either transport, and nothing is stored', async () => {
    const [ann, bob] = await people(2);
    const { conversationId } = await write(bob, ann);
    await block(ann, bob);
    const b = await bob.connect();
    await storesNothing(async () => {
      await refused(write(bob, ann), 'BLOCKED');
      await refused(b.send({ conversationId, ...text('hello?') }), 'BLOCKED');
      await refused(bob.ask('message.create', { id: conversationId, body: text('hello?') }), 'BLOCKED');
    });
    await unblock(ann, bob);
    assert.equal((await b.send({ conversationId, ...text('again') })).seq, 2);
  });

  it('a blocked user can not begin a conversation either, and none is listed', async () => {
    const [ann, bob] = await people(2);
    await block(ann, bob);
    await refused(write(bob, ann), 'BLOCKED');
    assert.deepEqual([await bob.ask('conversation.index'), await ann.ask('conversation.index')], [[], []]);
  });

  it('a blocked user writes to others and in groups, and still gets what the other writes', async () => {
    const [ann, bob, cat] = await people(3);
    const group = await ann.call('group.create', { name: 'Us', memberIds: [bob.id] });
    await block(ann, bob);
    const b = await bob.connect();
    const sent = await write(ann, bob);
    await b.until(() => b.replica.messages.find(each => each.seq === sent.seq), 'the message of Ann');
    await write(bob, cat);
    await b.send({ conversationId: group.conversationId, ...text('to all') });
    assert.equal(b.replica.messages[0].senderId, ann.id);
  });

  it('a process that has cached the two refuses a blocked user, and takes messages again after the block', async () => {
    const [ann, bob] = await people(2);
    const { conversationId } = await write(bob, ann);
    const { writer } = otherProcess().engine;
    const send = (from: Person) => writer.send(draftOf(from, conversationId));
    assert.equal((await send(bob)).message.seq, 2);
    await block(ann, bob);
    await assert.rejects(send(bob), { code: 'BLOCKED' });
    assert.equal((await send(ann)).message.seq, 3);
    await block(bob, ann);
    await assert.rejects(send(ann), { code: 'BLOCKED' });
    await unblock(ann, bob);
    assert.equal((await send(bob)).message.seq, 4);
    await assert.rejects(send(ann), { code: 'BLOCKED' });
  });

  it('no message of a blocked user comes after the block, however many are under way', async () => {
    const [ann, bob] = await people(2);
    const { conversationId } = await write(bob, ann);
    const a = await ann.connect();
    const b = await bob.connect();
    const sends = Array.from({ length: 60 }, () => b.send({ conversationId, ...text('hello') }));
    const [settled] = await Promise.all([Promise.allSettled(sends), a.call('block.create', { userId: bob.id })]);
    await a.reaches(await headOf(ann));
    const types = a.replica.entries.map(each => each.type);
    assert.equal(types.at(-1), 'block.updated', 'no message has come after it');
    const accepted = settled.filter(each => each.status === 'fulfilled').length;
    assert.equal(a.replica.messages.length, accepted + 1);
    for (const [index, { status }] of settled.entries()) {
      if (status === 'rejected') await refused(sends[index], 'BLOCKED');
    }
  });
});

describe('users who are to be added to a group', () => {
  const welcome = (actor: Person, users: readonly Person[]) => {
    return app.mockContext().service.contact.block.requireWelcome(
      Number(actor.id),
      users.map(each => Number(each.id)),
    );
  };

  it('the refusal names the users who have blocked the one who adds them', async () => {
    const [ann, bob, cat, dan] = await people(4);
    await block(bob, ann);
    await block(dan, ann);
    await block(ann, cat);
    await welcome(ann, [cat]);
    await welcome(ann, []);
    await welcome(bob, [ann, cat]);
    await assert.rejects(welcome(ann, [dan, cat, bob]), (error: AppError) => {
      assert.equal(error.code, 'BLOCKED');
      const { userIds } = error.details as { userIds: string[] };
      assert.deepEqual([...userIds].sort(), [bob.id, dan.id].sort());
      return true;
    });
  });
});
