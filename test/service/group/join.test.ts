import assert from 'node:assert/strict';
import type { GroupRequest } from '../../../app/schema/group';
import { allTold, groupOf, linesIn, makeAdmin, rolesIn, scene, streamOf, toldTo } from '../../support/group';
import { people, person, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, count, mm, storesNothing } from '../../support/service';

const DAY_MS = 86_400_000;
const cardOf = ({ id, session }: Person) => ({ id, name: session.user.name });

const join = (who: Person, groupId: string, words?: string) =>
  who.call('group.join', { groupId, ...(words && { words }) });
const answer = (who: Person, groupId: string, whose: Person, given: 'accept' | 'reject') =>
  who.call('member.answer', { groupId, userId: whose.id, answer: given });
const requests = (who: Person, groupId: string) => who.call('member.requests', { groupId, limit: 50 });

/** Makes the request of a user too old to be answered. */
async function expire(groupId: string, { id }: Person): Promise<void> {
  const where = { groupId: Number(groupId), userId: Number(id) };
  await app.model.GroupRequest.update({ expiresAt: new Date(Date.now() - 1) }, { where });
}

describe('an open group', () => {
  it('every user of the tenant can join an open group, and all members are told', async () => {
    const { id, group, members, clients, second, stranger } = await scene(2, { joinPolicy: 'open' });
    const eve = await person();
    const device = await stranger.connect();
    assert.deepEqual(await device.call('group.show', { groupId: id }), group);
    assert.deepEqual(await device.call('group.join', { groupId: id }), { joined: true });
    const told = { group: { ...group, memberCount: 3 }, userIds: [stranger.id], by: stranger.id };
    await allTold([...clients, second, device], 'group.members_added', told);
    assert.deepEqual(await linesIn(id, stranger), [{ event: 'joined', by: stranger.id }]);
    assert.equal((await rolesIn(id, members[0]))[stranger.id], 'member');
    await device.send({ conversationId: id, ...text('hello all') });
    assert.deepEqual(await streamOf(eve), []);
  });

  it('joining again changes nothing for a member', async () => {
    const { id, members } = await scene(2, { joinPolicy: 'open' });
    await storesNothing(async () => {
      for (const each of members) assert.deepEqual(await join(each, id), { joined: true });
    });
  });

  it('a user who joins several times at once becomes a member once', async () => {
    const { id, members, clients, stranger } = await scene(2, { joinPolicy: 'open' });
    await Promise.all([1, 2, 3].map(() => join(stranger, id)));
    assert.equal((await toldTo(clients[0], 'group.members_added')).length, 1);
    assert.deepEqual(await linesIn(id, members[0]), [{ event: 'joined', by: stranger.id }]);
  });

  it('an open group takes no more members than the limit, also when many join at once', async () => {
    const { id, members } = await scene(2, { joinPolicy: 'open' });
    const others = await people(5);
    mm(app.config.im, 'groupMaxMembers', 4);
    const settled = await Promise.allSettled(others.map(each => join(each, id)));
    assert.equal(settled.filter(each => each.status === 'fulfilled').length, 2);
    assert.equal((await members[0].call('group.show', { groupId: id })).memberCount, 4);
    const late = await person();
    await storesNothing(() => refused(join(late, id), 'GROUP_FULL'));
  });

  it('users outside an open group see the group, but neither its members nor its messages', async () => {
    const { id, group, stranger } = await scene(2, { joinPolicy: 'open' });
    const foreigner = await person({ app: 'other' });
    assert.deepEqual(await stranger.call('group.show', { groupId: id }), group);
    await storesNothing(async () => {
      await refused(stranger.call('member.index', { groupId: id, limit: 10 }), 'NOT_A_MEMBER');
      await refused(stranger.call('message.index', { conversationId: id, limit: 10 }), 'NOT_A_MEMBER');
      await refused(foreigner.call('group.show', { groupId: id }), 'CONVERSATION_NOT_FOUND');
      await refused(join(foreigner, id), 'CONVERSATION_NOT_FOUND');
    });
  });
});

describe('a group that takes members by invitation', () => {
  it('users who are not invited can neither join nor see the group', async () => {
    const { id, stranger } = await scene(2);
    await storesNothing(async () => {
      await refused(join(stranger, id), 'FORBIDDEN');
      await refused(stranger.call('group.show', { groupId: id }), 'NOT_A_MEMBER');
    });
    assert.equal(await count('group_request WHERE group_id = :id', { id }), 0);
  });
});

describe('a group with approval', () => {
  it('owner, admins and the user are told of a request to join, and nobody else', async () => {
    const { id, group, members, clients, second, stranger } = await scene(3, { joinPolicy: 'approval' });
    const [, bob, cat] = members;
    await makeAdmin(id, bob);
    assert.deepEqual(await stranger.call('group.show', { groupId: id }), group);
    const device = await stranger.connect();
    const { joined, request } = await join(stranger, id, 'it is me');
    assert.equal(joined, false);
    const { createdAt, expiresAt } = request!;
    const same = { group: { id, name: group.name }, kind: 'join', user: cardOf(stranger), words: 'it is me' };
    assert.deepEqual(request, { ...same, status: 'pending', createdAt, expiresAt });
    assert.equal(Date.parse(expiresAt) - Date.parse(createdAt), app.config.im.requestDays * DAY_MS);
    await allTold([clients[0], clients[1], second, device], 'group.requests', { requests: [request] });
    assert.deepEqual(await streamOf(cat), ['group.created']);
    assert.deepEqual(await requests(bob, id), [request]);
    assert.deepEqual(await stranger.call('member.invitations', { limit: 10 }), [request]);
    await refused(device.send({ conversationId: id, ...text('hello?') }), 'NOT_A_MEMBER');
  });

  it('a user whom an admin accepts becomes a member: all are told, and the request is settled', async () => {
    const { id, group, members, clients, stranger } = await scene(3, { joinPolicy: 'approval' });
    const [ann, bob] = members;
    await makeAdmin(id, bob);
    const device = await stranger.connect();
    const { request } = await device.call('group.join', { groupId: id });
    const settled = await clients[1].call('member.answer', { groupId: id, userId: stranger.id, answer: 'accept' });
    assert.deepEqual(settled, { ...request, status: 'accepted' });
    const told = { group: { ...group, memberCount: 4 }, userIds: [stranger.id], by: bob.id };
    await allTold([...clients, device], 'group.members_added', told);
    await allTold(
      [clients[0], clients[1], device],
      'group.requests',
      { requests: [request!] },
      { requests: [settled] },
    );
    assert.deepEqual(await linesIn(id, ann), [{ event: 'added', by: bob.id, userIds: [stranger.id] }]);
    assert.deepEqual(await requests(ann, id), []);
    await device.send({ conversationId: id, ...text('thank you') });
  });

  it('a user who is rejected is told so, and may ask again', async () => {
    const { id, members, stranger } = await scene(2, { joinPolicy: 'approval' });
    const [ann] = members;
    const device = await stranger.connect();
    const { request } = await join(stranger, id);
    const rejected = await answer(ann, id, stranger, 'reject');
    assert.deepEqual(rejected, { ...request, status: 'rejected' });
    await allTold([device], 'group.requests', { requests: [request!] }, { requests: [rejected] });
    await storesNothing(() => refused(answer(ann, id, stranger, 'accept'), 'REQUEST_NOT_FOUND'));
    assert.equal((await join(stranger, id, 'please')).request?.words, 'please');
    assert.equal((await answer(ann, id, stranger, 'accept')).status, 'accepted');
  });

  it('a request that was not answered in time is gone, until it is made anew', async () => {
    const { id, members, stranger } = await scene(2, { joinPolicy: 'approval' });
    const [ann] = members;
    await join(stranger, id);
    await expire(id, stranger);
    await storesNothing(() => refused(answer(ann, id, stranger, 'accept'), 'REQUEST_NOT_FOUND'));
    assert.deepEqual(await requests(ann, id), []);
    const { request } = await join(stranger, id);
    assert.ok(Date.parse(request!.expiresAt) > Date.now());
    assert.deepEqual(await requests(ann, id), [request]);
    await answer(ann, id, stranger, 'accept');
  });

  it('owner and admins see and answer requests, and nobody else', async () => {
    const { id, members, stranger } = await scene(3, { joinPolicy: 'approval' });
    const [ann, , cat] = members;
    const [eve, foreigner] = [await person(), await person({ app: 'other' })];
    await join(stranger, id);
    await storesNothing(async () => {
      await refused(answer(cat, id, stranger, 'accept'), 'FORBIDDEN');
      await refused(answer(eve, id, stranger, 'accept'), 'NOT_A_MEMBER');
      await refused(answer(foreigner, id, stranger, 'accept'), 'CONVERSATION_NOT_FOUND');
      await refused(answer(stranger, id, stranger, 'accept'), 'REQUEST_NOT_FOUND');
      await refused(answer(ann, id, eve, 'accept'), 'REQUEST_NOT_FOUND');
      await refused(requests(cat, id), 'FORBIDDEN');
      await refused(requests(stranger, id), 'NOT_A_MEMBER');
      await refused(requests(foreigner, id), 'CONVERSATION_NOT_FOUND');
    });
    assert.equal((await requests(ann, id)).length, 1);
  });

  it('a full group keeps a request until there is room', async () => {
    const { id, members, stranger } = await scene(2, { joinPolicy: 'approval' });
    const [ann, bob] = members;
    mm(app.config.im, 'groupMaxMembers', 2);
    await join(stranger, id);
    await storesNothing(() => refused(answer(ann, id, stranger, 'accept'), 'GROUP_FULL'));
    assert.equal((await requests(ann, id))[0].status, 'pending');
    await ann.call('member.remove', { groupId: id, userIds: [bob.id] });
    assert.equal((await answer(ann, id, stranger, 'accept')).status, 'accepted');
  });

  it('of two admins who answer at the same time one is refused', async () => {
    const { id, members, stranger } = await scene(2, { joinPolicy: 'approval' });
    const [ann, bob] = members;
    await makeAdmin(id, bob);
    await join(stranger, id);
    const both = await Promise.allSettled([answer(ann, id, stranger, 'accept'), answer(bob, id, stranger, 'reject')]);
    assert.deepEqual(both.map(each => each.status).sort(), ['fulfilled', 'rejected']);
    const isIn = stranger.id in (await rolesIn(id, ann));
    assert.equal(isIn, both[0].status === 'fulfilled');
    const [{ status }] = await stranger.call('member.invitations', { limit: 10 });
    assert.equal(status, isIn ? 'accepted' : 'rejected');
  });

  it('adding a user settles the request of that user', async () => {
    const { id, members, stranger } = await scene(2, { joinPolicy: 'approval' });
    const [ann] = members;
    const device = await stranger.connect();
    const { request } = await join(stranger, id);
    await ann.call('member.add', { groupId: id, userIds: [stranger.id] });
    const accepted = { ...request!, status: 'accepted' as const };
    await allTold([device], 'group.requests', { requests: [request!] }, { requests: [accepted] });
    assert.deepEqual(await requests(ann, id), []);
  });

  it('requests come in pages, the latest first, also where times are equal', async () => {
    const { id, members } = await scene(2, { joinPolicy: 'approval' });
    const [ann] = members;
    const others = await people(7);
    for (const each of others) await join(each, id);
    // Three of them are made in the same millisecond.
    const userId = others.slice(2, 5).map(each => Number(each.id));
    await app.model.GroupRequest.update({ createdAt: new Date() }, { where: { groupId: Number(id), userId } });
    const whole = await requests(ann, id);
    const times = whole.map(each => each.createdAt);
    assert.deepEqual(times, [...times].sort().reverse());
    const paged: GroupRequest[] = [];
    let cursor: string | undefined;
    do {
      const page = await ann.callPage('member.requests', { groupId: id, limit: 2, ...(cursor && { cursor }) });
      paged.push(...page.data);
      cursor = page.nextCursor;
    } while (cursor && paged.length < 20);
    assert.deepEqual([paged.length, paged], [7, whole]);
    for (const bad of ['x', '1-2', '1-2-owner', "1-1-join' OR 1"]) {
      await refused(ann.call('member.requests', { groupId: id, limit: 2, cursor: bad }), 'INVALID_INPUT');
      await refused(ann.call('member.invitations', { limit: 2, cursor: bad }), 'INVALID_INPUT');
    }
  });

  it('new members see the whole history where the group allows it, and have nothing unread', async () => {
    const [ann, bob, cat, dan] = await people(4);
    const { id } = await groupOf([ann, bob], { joinPolicy: 'approval', history: 'all' });
    await ann.ask('message.create', { id, body: text('before') });
    await ann.ask('message.create', { id, body: { ...text('all of you'), mentionAll: true } });
    await join(cat, id);
    await answer(ann, id, cat, 'accept');
    const history = await cat.call('message.index', { conversationId: id, limit: 10 });
    assert.deepEqual(
      history.map(each => each.seq),
      [1, 2, 3],
    );
    const shown = await cat.call('conversation.show', { conversationId: id });
    assert.deepEqual([shown.unread, shown.mentioned, shown.lastSeq], [0, false, 3]);
    await ann.call('group.update', { groupId: id, history: 'joined' });
    await ann.call('member.add', { groupId: id, userIds: [dan.id] });
    const [first] = await dan.call('message.index', { conversationId: id, limit: 10 });
    assert.deepEqual(first.content, { event: 'added', by: ann.id, userIds: [dan.id] });
  });
});
