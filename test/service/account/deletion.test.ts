import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { befriend, friendsOf, haveBefriended } from '../../support/friends';
import { groupOf, rolesIn } from '../../support/group';
import { ask, people, person, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { purge } from '../../support/retention';
import { app, count, mm, select } from '../../support/service';
import { png, upload } from '../../support/upload';

const password = 'correct horse battery';

/** The part of the purge that sees to deleted users, as the schedule runs it. */
const resume = () => app.createAnonymousContext().service.deletion.resume();

/** Deletes an account, and waits until nothing is left of it. */
async function destroyed(someone: Person): Promise<void> {
  await someone.call('user.destroy', { password });
  await resume();
}

/** Stands for a crash right behind the first step of a deletion. */
function crashAfterFirstStep(): void {
  mm(app.engine.sessions, 'destroy', async (...args: Parameters<typeof app.engine.sessions.destroy>) => {
    mm.restore();
    const ended = await app.engine.sessions.destroy(...args);
    throw Object.assign(new Error('crash'), { ended });
  });
}

const write = (from: Person, to: Person, words = 'hello') =>
  from.ask('message.send', { body: { to: { userId: to.id }, ...text(words) } });

describe('an account that is deleted', () => {
  it('ends all sessions, and nobody logs in to it, by whatever name it had', async () => {
    const account = `gone${randomUUID()}`;
    const ann = await person({ account });
    const other = await ann.login();
    const device = await other.connect();
    await ann.call('user.destroy', { password });
    assert.deepEqual(await device.first('session:closed'), { reason: 'deleted' });
    await device.closed();
    // Also who was not there is told why.
    for (const attempt of [() => ann.ask('user.me'), () => other.connect()]) {
      assert.deepEqual((await refused(attempt(), 'SESSION_CLOSED')).details, { reason: 'deleted' });
    }
    await refused(ask('auth.refresh', { body: { refreshToken: ann.session.refreshToken } }), 'SESSION_CLOSED');
    await refused(ann.login(), 'WRONG_CREDENTIALS');
    await resume();
    assert.equal(await count('device WHERE user_id = :id', { id: ann.id }), 0);
    assert.equal(await count('push_history WHERE receiver_id = :id', { id: ann.id }), 0);
  });

  it('is deleted with the password alone', async () => {
    const ann = await person();
    await refused(ann.call('user.destroy', { password: 'wrong' }), 'WRONG_CREDENTIALS');
    const device = await ann.connect();
    await refused(device.call('user.destroy', { password: 'wrong' }), 'WRONG_CREDENTIALS');
    assert.deepEqual(await device.call('user.destroy', { password }), {});
    await refused(ann.ask('user.me'), 'SESSION_CLOSED');
  });

  it('is shown as deleted, by its id alone, and found by nobody', async () => {
    const [bob] = await people(1);
    const phone = `${Date.now()}`;
    const ann = await person({ name: `Deleted ${randomUUID()}`, phone });
    const { account, name } = ann.session.user;
    const { url } = await upload(ann, { content: png });
    await ann.call('user.update', { avatar: url, signature: 'hi' });
    await destroyed(ann);
    const [card] = await bob.call('user.batch', { userIds: [ann.id] });
    assert.deepEqual(card, { id: ann.id, name: '', version: 2, deleted: true });
    assert.deepEqual(await bob.call('user.show', { userId: ann.id }), { ...card, account: '' });
    for (const q of [account, name, phone]) assert.deepEqual(await bob.call('user.search', { q, limit: 20 }), []);
    assert.deepEqual(await select('SELECT is_public FROM media WHERE user_id = :id', { id: ann.id }), [
      { is_public: 0 },
    ]);
  });

  it('leaves groups: the admin who came first owns what it owned, and who was alone ends it', async () => {
    const [ann, bob, cat, dan] = await people(4);
    const { id } = await groupOf([ann, bob, cat, dan]);
    const { id: alone } = await groupOf([ann, bob]);
    await bob.call('group.leave', { groupId: alone });
    await ann.call('member.update', { groupId: id, userId: cat.id, role: 'admin' });
    await ann.ask('message.create', { id, body: text('what I leave behind') });
    const device = await dan.connect({ after: 0 });
    await destroyed(ann);
    assert.deepEqual(await rolesIn(id, dan), { [bob.id]: 'member', [cat.id]: 'owner', [dan.id]: 'member' });
    const [{ senderId, content }] = (await bob.ask('message.index', { id })).filter(each => each.type === 'text');
    assert.deepEqual([senderId, content], [ann.id, { text: 'what I leave behind' }]);
    await device.until(() => device.replica.entries.find(each => each.type === 'group.members_removed'), 'the leaving');
    assert.equal(await count('conversation WHERE id = :alone', { alone }), 0);
  });

  it('takes its single conversations and their messages along, for the other user too', async () => {
    const [ann, bob, cat] = await people(3);
    const { conversationId: id } = await write(ann, bob);
    await write(bob, ann, 'hello Ann');
    const { conversationId: other } = await write(cat, bob);
    const device = await bob.connect({ after: 0 });
    await destroyed(ann);
    const isGone = () => device.replica.entries.some(each => each.type === 'conversation.updated') || undefined;
    await device.until(isGone, 'the end of the conversation');
    assert.deepEqual(
      (await bob.ask('conversation.index')).map(each => each.id),
      [other],
    );
    await refused(bob.ask('message.index', { id }), 'CONVERSATION_NOT_FOUND');
    await purge();
    assert.equal(await count('message WHERE conversation_id = :id', { id }), 0);
    assert.equal(await count('message WHERE conversation_id = :other', { other }), 1);
  });

  it('is written to, asked and added by nobody from then on', async () => {
    const [ann, bob, cat] = await people(3);
    const { conversationId } = await write(bob, ann);
    const { id: groupId } = await groupOf([bob, cat]);
    await destroyed(ann);
    const { id: userId } = ann;
    const refusals = [
      () => write(bob, ann),
      () => write(cat, ann),
      () => bob.call('friend.ask', { userId }),
      () => bob.call('block.create', { userId }),
      () => bob.call('member.add', { groupId, userIds: [userId] }),
      () => bob.call('group.create', { name: 'Us', memberIds: [userId] }),
    ];
    for (const attempt of refusals) await refused(attempt(), 'USER_NOT_FOUND');
    await refused(bob.ask('message.create', { id: conversationId, body: text('x') }), 'CONVERSATION_NOT_FOUND');
  });

  it('is written to by nobody even before anything but the account is gone', async () => {
    const [ann, bob] = await people(2);
    await write(bob, ann);
    const { ending } = app.createAnonymousContext().service.conversation;
    let goOn: () => void = () => assert.fail('the end was not reached');
    const reached = new Promise<void>(resolve => {
      const held = new Promise<void>(go => (goOn = go));
      mm(ending.constructor.prototype, 'end', () => {
        resolve();
        return held;
      });
    });
    await ann.call('user.destroy', { password });
    await reached;
    await refused(write(bob, ann), 'FORBIDDEN');
    mm.restore();
    goOn();
  });

  it('ends friendships, requests and blocks, of which the others are told', async () => {
    const [ann, bob, cat, dan, eve] = await people(5);
    await befriend(ann, bob);
    await haveBefriended(ann, cat);
    await ann.call('friend.ask', { userId: dan.id });
    await eve.call('friend.ask', { userId: ann.id });
    await dan.call('block.create', { userId: ann.id });
    await ann.call('block.create', { userId: eve.id });
    const { id: groupId } = await groupOf([bob, cat]);
    await bob.call('group.update', { groupId, joinPolicy: 'approval' });
    await ann.call('group.join', { groupId });
    const devices = await Promise.all([bob, cat, dan, eve].map(each => each.connect({ after: 0 })));
    await destroyed(ann);
    const expected = [
      ['friend.removed', 'user.updated', 'group.requests'],
      ['friend.removed', 'user.updated'],
      ['friend.request', 'block.updated'],
      ['friend.request'],
    ];
    for (const [at, device] of devices.entries()) {
      for (const type of expected[at]) {
        const isTold = () => device.replica.entries.find(each => each.type === type && concerns(each.data, ann.id));
        await device.until(isTold, `${type} at ${at}`);
      }
    }
    for (const each of [bob, cat]) assert.deepEqual(await friendsOf(each), []);
    assert.deepEqual(await dan.call('friend.requests', { direction: 'in', limit: 50 }), []);
    assert.deepEqual(await eve.call('friend.requests', { direction: 'out', limit: 50 }), []);
    assert.deepEqual(await dan.ask('block.index'), []);
    assert.deepEqual(await bob.call('member.requests', { groupId, limit: 50 }), []);
    assert.equal(await count('block WHERE user_id = :id OR blocked_id = :id', { id: ann.id }), 0);
  });

  it('is told of nothing from then on, not even what becomes of an invitation', async () => {
    const [ann, bob, cat] = await people(3);
    const { id: groupId } = await groupOf([ann, cat]);
    await ann.call('member.invite', { groupId, userIds: [bob.id] });
    await destroyed(ann);
    await bob.call('member.answer', { groupId, userId: bob.id, answer: 'reject' });
    assert.equal(await count('push_history WHERE receiver_id = :id', { id: ann.id }), 0);
  });

  it('keeps its name to itself for a time, after which others may have it', async () => {
    const account = `name${randomUUID()}`;
    const ann = await person({ account });
    await destroyed(ann);
    await refused(person({ account }), 'ACCOUNT_TAKEN');
    mm(app.config.im, 'accountDays', 0);
    await resume();
    const next = await person({ account });
    assert.notEqual(next.id, ann.id);
    assert.deepEqual((await next.call('user.batch', { userIds: [ann.id] }))[0].deleted, true);
    await next.ask('user.me');
  });

  it('is deleted to the end by the purge when a crash has come between, however often that runs', async () => {
    const [ann, bob] = await people(2);
    await befriend(ann, bob);
    const { conversationId: id } = await write(ann, bob);
    const { id: groupId } = await groupOf([ann, bob]);
    crashAfterFirstStep();
    await refused(ann.call('user.destroy', { password }), 'INTERNAL');
    await refused(ann.login(), 'WRONG_CREDENTIALS');
    assert.equal((await friendsOf(bob)).length, 1, 'the rest is there still');
    await Promise.all([resume(), resume()]);
    await resume();
    assert.deepEqual(await friendsOf(bob), []);
    assert.deepEqual(await rolesIn(groupId, bob), { [bob.id]: 'owner' });
    assert.equal(await count('conversation WHERE id = :id', { id }), 0);
  });
});

/** Whether an entry names a user, wherever it does. */
function concerns(data: unknown, userId: string): boolean {
  return JSON.stringify(data).includes(`"${userId}"`);
}
