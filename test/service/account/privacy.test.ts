import assert from 'node:assert/strict';
import { befriend } from '../../support/friends';
import { groupOf, rolesIn, toldTo } from '../../support/group';
import { people, person, text, type Person } from '../../support/person';
import { online, toldOf } from '../../support/presence';
import { refused } from '../../support/refusal';
import { app, connectedProcess } from '../../support/service';
import { draftOf } from '../../support/writer';

type Privacy = Partial<Person['session']['user']['privacy']>;
const allow = async (who: Person, privacy: Privacy) => (await who.call('user.update', { privacy })).privacy;
const write = (from: Person, to: Person) =>
  from.ask('message.send', { body: { to: { userId: to.id }, ...text('hello') } });

/** A group of the first, who may add the second alone, and what became of the others. */
async function added(owner: Person, ...others: Person[]): Promise<string[]> {
  const { id } = await groupOf([owner, ...others]);
  return Object.keys(await rolesIn(id, owner));
}

describe('who is added to groups', () => {
  it('is by default who is a friend; others are invited, and those who were asked know of it', async () => {
    const [ann, bob, cat] = await people(3);
    const fresh = await person();
    const where = { id: [bob, cat, fresh].map(each => Number(each.id)) };
    await app.model.User.update({ allowGroups: 'friends' }, { where });
    assert.equal((await fresh.call('user.me', {})).privacy.groups, 'friends');
    await befriend(ann, bob);
    const device = await cat.connect();
    const { id, memberCount } = await groupOf([ann, bob, cat]);
    assert.deepEqual([memberCount, Object.keys(await rolesIn(id, ann)).sort()], [2, [ann.id, bob.id].sort()]);
    const [{ requests }] = await toldTo(device, 'group.requests');
    assert.deepEqual([requests.length, requests[0].kind, requests[0].by?.id], [1, 'invitation', ann.id]);

    await ann.call('member.add', { groupId: id, userIds: [fresh.id] });
    assert.equal(fresh.id in (await rolesIn(id, ann)), false);
    await refused(ann.call('presence.show', { userIds: [cat.id] }), 'FORBIDDEN');
    for (const each of [cat, fresh]) {
      await each.call('member.answer', { groupId: id, userId: each.id, answer: 'accept' });
    }
    assert.equal(Object.keys(await rolesIn(id, ann)).length, 4);
  });

  it('is everybody, or nobody at once, as the user says', async () => {
    const [ann, bob, cat] = await people(3);
    await befriend(ann, bob);
    await allow(bob, { groups: 'nobody' });
    await allow(cat, { groups: 'everyone' });
    assert.deepEqual((await added(ann, bob, cat)).sort(), [ann.id, cat.id].sort());
  });

  it('is who has asked to join, whatever else they allow', async () => {
    const [ann, bob] = await people(2);
    await allow(bob, { groups: 'nobody' });
    const { id } = await groupOf([ann], { joinPolicy: 'approval', memberIds: [ann.id] });
    await bob.call('group.join', { groupId: id });
    await ann.call('member.add', { groupId: id, userIds: [bob.id] });
    assert.equal((await rolesIn(id, ann))[bob.id], 'member');
  });
});

describe('who may write', () => {
  it('to a user is as the user says, at once and in every process', async () => {
    const [ann, bob] = await people(2);
    const { conversationId } = await write(ann, bob);
    const other = await connectedProcess();
    const elsewhere = () => other.engine.writer.send(draftOf(ann, conversationId));
    await elsewhere();
    assert.equal((await allow(bob, { messages: 'friends' })).messages, 'friends');
    await refused(write(ann, bob), 'NOT_FRIENDS');
    await assert.rejects(elsewhere(), { code: 'NOT_FRIENDS' });
    await write(bob, ann);
    await befriend(ann, bob);
    await write(ann, bob);
    await allow(bob, { messages: 'nobody' });
    await refused(write(ann, bob), 'FORBIDDEN');
    await assert.rejects(elsewhere(), { code: 'FORBIDDEN' });
    await allow(bob, { messages: 'everyone' });
    await elsewhere();
  });
});

describe('who finds a user by the phone number', () => {
  it('is as the user says', async () => {
    const phone = `49${String(Date.now())}`;
    const [ann, bob] = [await person(), await person({ phone })];
    const finds = async () => (await ann.call('user.search', { q: phone, limit: 10 })).length;
    assert.equal(await finds(), 1);
    await allow(bob, { phone: 'friends' });
    assert.equal(await finds(), 0);
    await befriend(ann, bob);
    assert.equal(await finds(), 1);
    await allow(bob, { phone: 'nobody' });
    assert.equal(await finds(), 0);
  });
});

describe('who sees that a user is online', () => {
  it('is friends alone, if the user says so: to others of a group they are offline', async () => {
    const [ann, bob, cat] = await people(3);
    await groupOf([ann, bob, cat]);
    await befriend(ann, bob);
    const [friend, other] = [await bob.connect(), await cat.connect()];
    await online(ann);
    for (const device of [friend, other]) await device.call('presence.watch', { userIds: [ann.id] });
    await allow(ann, { presence: 'friends' });
    await toldOf(other, ann, 'offline');
    const seenBy = async (who: Person) => (await who.call('presence.show', { userIds: [ann.id] }))[0];
    assert.equal((await seenBy(bob)).online, true);
    assert.deepEqual(await seenBy(cat), { userId: ann.id, online: false, platforms: [] });
    await allow(ann, { presence: 'everyone' });
    await toldOf(other, ann, 'other');
    assert.equal((await seenBy(cat)).online, true);
  });
});
