import assert from 'node:assert/strict';
import type { UpdateMember } from '../../../app/schema/group';
import { allTold, linesIn, makeAdmin, rolesIn, scene, streamOf } from '../../support/group';
import { person, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, mm, otherProcess, storesNothing } from '../../support/service';
import { draftOf } from '../../support/writer';

const HOUR_MS = 3_600_000;
const inAnHour = () => new Date(Date.now() + HOUR_MS).toISOString();
const anHourAgo = () => new Date(Date.now() - HOUR_MS).toISOString();

/** Returns a function by which `who` changes a member of the group. */
const updater = (groupId: string) => (who: Person, whom: Person, changes: UpdateMember) =>
  who.call('member.update', { groupId, userId: whom.id, ...changes });

describe('the role of a member', () => {
  it('the owner gives roles, of which all members are told on all devices, and nobody else', async () => {
    const { id, members, clients, second, stranger } = await scene(3);
    const [ann, bob, cat] = members;
    const update = updater(id);
    const member = await update(ann, bob, { role: 'admin' });
    assert.deepEqual([member.userId, member.role, member.name], [bob.id, 'admin', bob.session.user.name]);
    const listed = await cat.call('member.index', { groupId: id, limit: 10 });
    assert.deepEqual(
      listed.find(each => each.userId === bob.id),
      member,
    );
    await clients[0].call('member.update', { groupId: id, userId: bob.id, role: 'member' });
    const told = (role: 'admin' | 'member') => ({ userId: bob.id, role, by: ann.id });
    await allTold([...clients, second], 'group.member_updated', told('admin'), told('member'));
    assert.deepEqual(await streamOf(stranger), []);
    assert.deepEqual(await linesIn(id, cat), []);
  });

  it('a group has no more admins than the limit, however they become it', async () => {
    mm(app.config.im, 'groupMaxAdmins', 1);
    const { id, members } = await scene(4);
    const [ann, bob, cat, dan] = members;
    const update = updater(id);
    await update(ann, bob, { role: 'admin' });
    await storesNothing(async () => {
      await refused(update(ann, cat, { role: 'admin' }), 'LIMIT_REACHED');
      // The owner of before would be one more.
      await refused(ann.call('group.transfer', { groupId: id, userId: dan.id }), 'LIMIT_REACHED');
    });
    await update(ann, bob, { role: 'admin', mutedUntil: inAnHour() });
    await ann.call('group.transfer', { groupId: id, userId: bob.id });
    const { [ann.id]: before, [bob.id]: now } = await rolesIn(id, dan);
    assert.deepEqual([before, now], ['admin', 'owner']);
  });

  it('a role gives and takes rights at once, also in another process', async () => {
    const { id, members, clients } = await scene(3);
    const [ann, bob, cat] = members;
    const update = updater(id);
    const { writer } = otherProcess().engine;
    const toAll = () => writer.send(draftOf(bob, id, { mentionAll: true }));
    await assert.rejects(toAll(), { code: 'FORBIDDEN' });
    await update(ann, bob, { role: 'admin' });
    await toAll();
    await clients[1].call('group.update', { groupId: id, name: 'Tea' });
    await update(ann, bob, { role: 'member' });
    await assert.rejects(toAll(), { code: 'FORBIDDEN' });
    await refused(bob.call('group.update', { groupId: id, name: 'Coffee' }), 'FORBIDDEN');
    await refused(update(bob, cat, { mutedUntil: inAnHour() }), 'FORBIDDEN');
  });

  it('nobody but the owner gives roles, and the role of the owner is not given like this', async () => {
    const { id, members, stranger } = await scene(3);
    const [ann, bob, cat] = members;
    const update = updater(id);
    const foreigner = await person({ app: 'other' });
    await makeAdmin(id, bob);
    await storesNothing(async () => {
      await refused(update(bob, cat, { role: 'admin' }), 'FORBIDDEN');
      await refused(update(bob, bob, { role: 'member' }), 'FORBIDDEN');
      await refused(update(bob, ann, { role: 'member' }), 'FORBIDDEN');
      await refused(update(cat, cat, { role: 'admin' }), 'FORBIDDEN');
      await refused(update(ann, ann, { role: 'admin' }), 'FORBIDDEN');
      await refused(update(ann, stranger, { role: 'admin' }), 'USER_NOT_FOUND');
      await refused(update(stranger, cat, { role: 'admin' }), 'NOT_A_MEMBER');
      await refused(update(foreigner, cat, { role: 'admin' }), 'CONVERSATION_NOT_FOUND');
      await refused(update(ann, cat, { role: 'owner' } as never), 'INVALID_INPUT');
    });
    assert.deepEqual(await rolesIn(id, cat), { [ann.id]: 'owner', [bob.id]: 'admin', [cat.id]: 'member' });
  });
});

describe('a muted member', () => {
  it('a muted member can not write, and all are told until when', async () => {
    const { id, members, clients, second } = await scene(3);
    const [ann, bob] = members;
    const mutedUntil = inAnHour();
    const say = () => clients[1].send({ conversationId: id, ...text('hello') });
    await say();
    const member = await updater(id)(ann, bob, { mutedUntil });
    assert.equal(member.mutedUntil, mutedUntil);
    await storesNothing(async () => {
      await refused(say(), 'MUTED');
      await refused(bob.ask('message.create', { id, body: text('hello') }), 'MUTED');
    });
    await clients[0].send({ conversationId: id, ...text('without Bob') });
    await updater(id)(ann, bob, { mutedUntil: null });
    await say();
    const told = { userId: bob.id, role: 'member', by: ann.id } as const;
    await allTold([...clients, second], 'group.member_updated', { ...told, mutedUntil }, told);
  });

  it('a mute counts at once in another process that has cached the members', async () => {
    const { id, members } = await scene(2);
    const [ann, bob] = members;
    const { writer } = otherProcess().engine;
    await writer.send(draftOf(bob, id));
    await updater(id)(ann, bob, { mutedUntil: inAnHour() });
    await assert.rejects(writer.send(draftOf(bob, id)), { code: 'MUTED' });
    await updater(id)(ann, bob, { mutedUntil: null });
    await writer.send(draftOf(bob, id));
  });

  it('a muted member may write again when the time is over', async () => {
    const { id, members, clients } = await scene(2);
    const [ann, bob] = members;
    await updater(id)(ann, bob, { mutedUntil: inAnHour() });
    const where = { conversationId: Number(id), userId: Number(bob.id) };
    await app.model.ConversationMember.update({ mutedUntil: new Date(Date.now() - 1) }, { where });
    await app.model.Conversation.increment('memberVersion', { where: { id: Number(id) } });
    await clients[1].send({ conversationId: id, ...text('at last') });
  });

  it('the owner mutes all others, and an admin mutes plain members', async () => {
    const { id, members, stranger } = await scene(5);
    const [ann, bob, cat, dan, eve] = members;
    const update = updater(id);
    await makeAdmin(id, bob);
    await makeAdmin(id, cat);
    const mute = { mutedUntil: inAnHour() };
    await storesNothing(async () => {
      await refused(update(bob, cat, mute), 'FORBIDDEN');
      await refused(update(bob, bob, mute), 'FORBIDDEN');
      await refused(update(bob, ann, mute), 'FORBIDDEN');
      await refused(update(ann, ann, mute), 'FORBIDDEN');
      await refused(update(dan, eve, mute), 'FORBIDDEN');
      await refused(update(dan, dan, { mutedUntil: null }), 'FORBIDDEN');
      await refused(update(bob, stranger, mute), 'USER_NOT_FOUND');
      await refused(update(stranger, dan, mute), 'NOT_A_MEMBER');
      await refused(update(bob, dan, { mutedUntil: 'soon' }), 'INVALID_INPUT');
    });
    await update(bob, dan, mute);
    await update(ann, eve, mute);
    await update(ann, cat, mute);
    const say = (who: Person) => who.ask('message.create', { id, body: text('hello') });
    for (const muted of [dan, eve, cat]) await refused(say(muted), 'MUTED');
    await say(bob);
  });

  it('a mute until a time in the past is none', async () => {
    const { id, members } = await scene(2);
    const [ann, bob] = members;
    const update = updater(id);
    await storesNothing(async () => {
      assert.equal((await update(ann, bob, { mutedUntil: anHourAgo() })).mutedUntil, undefined);
      await update(ann, bob, { mutedUntil: null });
    });
    const mutedUntil = inAnHour();
    await update(ann, bob, { mutedUntil });
    await storesNothing(() => update(ann, bob, { mutedUntil }));
    assert.equal((await update(ann, bob, { mutedUntil: anHourAgo() })).mutedUntil, undefined);
    await bob.ask('message.create', { id, body: text('hello') });
  });
});

describe('an alias in a group', () => {
  it('members choose their own alias, which all are told of without a line in the conversation', async () => {
    const { id, members, clients, second } = await scene(2);
    const [ann, bob] = members;
    const update = updater(id);
    assert.equal((await update(ann, ann, { alias: '船长' })).alias, '船长');
    assert.equal((await update(ann, ann, { alias: null })).alias, undefined);
    await clients[1].call('member.update', { groupId: id, userId: bob.id, alias: 'Bobby' });
    const mine = { userId: ann.id, role: 'owner', by: ann.id } as const;
    const his = { userId: bob.id, role: 'member', alias: 'Bobby', by: bob.id } as const;
    await allTold([...clients, second], 'group.member_updated', { ...mine, alias: '船长' }, mine, his);
    assert.deepEqual(await linesIn(id, bob), []);
    const listed = await ann.call('member.index', { groupId: id, limit: 10 });
    assert.deepEqual(listed.map(each => each.alias).sort(), ['Bobby', undefined]);
  });

  it('nobody gives an alias to another, and the same alias again changes nothing', async () => {
    const { id, members } = await scene(2);
    const [ann, bob] = members;
    const update = updater(id);
    await update(bob, bob, { alias: 'Bobby' });
    await storesNothing(async () => {
      await refused(update(ann, bob, { alias: 'Fool' }), 'FORBIDDEN');
      await refused(update(ann, bob, { alias: 'Fool', role: 'admin' }), 'FORBIDDEN');
      await refused(update(bob, bob, { alias: 'Boss', role: 'admin' }), 'FORBIDDEN');
      await refused(update(bob, bob, { alias: '  ' }), 'INVALID_INPUT');
      await update(bob, bob, { alias: 'Bobby' });
      assert.equal((await update(ann, bob, {})).alias, 'Bobby');
    });
    assert.equal((await rolesIn(id, ann))[bob.id], 'member');
  });

  it('an alias does not make other processes read the members anew, as roles and mutes do', async () => {
    const { id, members } = await scene(2);
    const [ann, bob] = members;
    const version = async () => (await app.model.Conversation.findByPk(Number(id)))!.memberVersion;
    const before = await version();
    await updater(id)(bob, bob, { alias: 'Bobby' });
    assert.equal(await version(), before);
    await updater(id)(ann, bob, { role: 'admin' });
    await updater(id)(ann, bob, { mutedUntil: inAnHour() });
    assert.equal(await version(), before + 2);
  });
});
