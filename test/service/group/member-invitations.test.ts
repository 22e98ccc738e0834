import assert from 'node:assert/strict';
import { allTold, groupOf, idsOf, linesIn, makeAdmin, rolesIn, scene, streamOf } from '../../support/group';
import { people, person, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, count, mm, storesNothing } from '../../support/service';

const DAY_MS = 86_400_000;
const cardOf = ({ id, session }: Person) => ({ id, name: session.user.name });

const invite = (who: Person, groupId: string, ...whom: Person[]) =>
  who.call('member.invite', { groupId, userIds: idsOf(whom) });
const accept = (who: Person, groupId: string) =>
  who.call('member.answer', { groupId, userId: who.id, answer: 'accept' });
const invitations = (who: Person) => who.call('member.invitations', { limit: 50 });

describe('an invitation', () => {
  it('owner, admins and the user are told of an invitation, which shows the group', async () => {
    const { id, group, members, clients, second, stranger } = await scene(3, { avatar: '/files/us.png' });
    const [ann, bob, cat] = members;
    await makeAdmin(id, bob);
    const device = await stranger.connect();
    const [request] = await bob.call('member.invite', { groupId: id, userIds: [stranger.id], words: 'come in' });
    const { createdAt, expiresAt } = request;
    const same = { kind: 'invitation', user: cardOf(stranger), by: cardOf(bob), words: 'come in', status: 'pending' };
    const { name, avatar } = group;
    assert.deepEqual(request, { group: { id, name, avatar }, ...same, createdAt, expiresAt });
    assert.equal(Date.parse(expiresAt) - Date.parse(createdAt), app.config.im.requestDays * DAY_MS);
    await allTold([clients[0], clients[1], second, device], 'group.requests', { requests: [request] });
    assert.deepEqual(await streamOf(cat), ['group.created']);
    for (const caller of [stranger, device]) {
      assert.deepEqual(await caller.call('member.invitations', { limit: 10 }), [request]);
    }
    for (const caller of [ann, clients[1]]) {
      assert.deepEqual(await caller.call('member.requests', { groupId: id, limit: 10 }), [request]);
    }
    await storesNothing(() => refused(stranger.call('group.show', { groupId: id }), 'NOT_A_MEMBER'));
  });

  it('a user who accepts an invitation becomes a member', async () => {
    const { id, group, members, clients, stranger } = await scene(2);
    const [ann] = members;
    const device = await stranger.connect();
    const [request] = await clients[0].call('member.invite', { groupId: id, userIds: [stranger.id] });
    const mine = { groupId: id, userId: stranger.id };
    const accepted = await device.call('member.answer', { ...mine, answer: 'accept' });
    assert.deepEqual(accepted, { ...request, status: 'accepted' });
    const told = { group: { ...group, memberCount: 3 }, userIds: [stranger.id], by: stranger.id };
    await allTold([...clients, device], 'group.members_added', told);
    await allTold([clients[0], device], 'group.requests', { requests: [request] }, { requests: [accepted] });
    assert.deepEqual(await linesIn(id, ann), [{ event: 'joined', by: stranger.id }]);
    await device.send({ conversationId: id, ...text('here I am') });
    await storesNothing(() => refused(accept(stranger, id), 'REQUEST_NOT_FOUND'));
  });

  it('a user who rejects an invitation does not become a member, and may be invited again', async () => {
    const { id, members, clients, stranger } = await scene(2);
    const [ann] = members;
    const [request] = await invite(ann, id, stranger);
    const mine = { groupId: id, userId: stranger.id };
    const rejected = await stranger.call('member.answer', { ...mine, answer: 'reject' });
    assert.deepEqual(rejected, { ...request, status: 'rejected' });
    await allTold([clients[0]], 'group.requests', { requests: [request] }, { requests: [rejected] });
    assert.equal(stranger.id in (await rolesIn(id, ann)), false);
    await storesNothing(() => refused(accept(stranger, id), 'REQUEST_NOT_FOUND'));
    assert.deepEqual(await invitations(stranger), [rejected], 'those that are answered are listed, too');
    await invite(ann, id, stranger);
    assert.equal((await accept(stranger, id)).status, 'accepted');
  });

  it('an invitation that is too old can not be accepted, until it is made anew', async () => {
    const { id, members, stranger } = await scene(2);
    const [ann] = members;
    const [first] = await invite(ann, id, stranger);
    const where = { groupId: Number(id), userId: Number(stranger.id) };
    await app.model.GroupRequest.update({ expiresAt: new Date(Date.now() - 1) }, { where });
    await storesNothing(async () => {
      await refused(accept(stranger, id), 'REQUEST_NOT_FOUND');
      await refused(stranger.call('group.join', { groupId: id }), 'FORBIDDEN');
    });
    const [again] = await invite(ann, id, stranger);
    assert.ok(again.expiresAt >= first.expiresAt);
    assert.equal(await count('group_request WHERE group_id = :id', { id }), 1);
    await accept(stranger, id);
  });

  it('an invitation can not be accepted once its sender may not invite any more', async () => {
    const { id, members } = await scene(3);
    const [ann, bob] = members;
    const [dan, eve] = await people(2);
    await makeAdmin(id, bob);
    await invite(bob, id, dan, eve);
    await ann.call('member.update', { groupId: id, userId: bob.id, role: 'member' });
    await storesNothing(async () => {
      await refused(accept(dan, id), 'REQUEST_NOT_FOUND');
      await refused(dan.call('group.join', { groupId: id }), 'FORBIDDEN');
    });
    assert.equal(
      (await dan.call('member.answer', { groupId: id, userId: dan.id, answer: 'reject' })).status,
      'rejected',
    );
    await ann.call('group.update', { groupId: id, joinPolicy: 'open' });
    await ann.call('member.remove', { groupId: id, userIds: [bob.id] });
    await storesNothing(() => refused(accept(eve, id), 'REQUEST_NOT_FOUND'));
    await invite(ann, id, eve);
    await accept(eve, id);
  });

  it('an invited user may join instead of answering the invitation', async () => {
    const { id, members, stranger } = await scene(2);
    const [ann] = members;
    const device = await stranger.connect();
    const [request] = await invite(ann, id, stranger);
    assert.deepEqual(await stranger.call('group.join', { groupId: id }), { joined: true });
    await allTold(
      [device],
      'group.requests',
      { requests: [request] },
      { requests: [{ ...request, status: 'accepted' }] },
    );
    assert.deepEqual(await linesIn(id, ann), [{ event: 'joined', by: stranger.id }]);
  });

  it('an invitation and a request to join of the same user are settled together', async () => {
    const { id, members, stranger } = await scene(2, { joinPolicy: 'approval' });
    const [ann] = members;
    const { request } = await stranger.call('group.join', { groupId: id });
    const [invitation] = await invite(ann, id, stranger);
    const waiting = await ann.call('member.requests', { groupId: id, limit: 10 });
    assert.deepEqual(waiting.map(each => each.kind).sort(), ['invitation', 'join']);
    assert.deepEqual(
      new Set((await invitations(stranger)).map(each => each.createdAt)),
      new Set([invitation, request!].map(each => each.createdAt)),
    );
    await accept(stranger, id);
    assert.deepEqual(
      (await invitations(stranger)).map(each => each.status),
      ['accepted', 'accepted'],
    );
    assert.deepEqual(await ann.call('member.requests', { groupId: id, limit: 10 }), []);
  });

  it('an invitation of members, or of oneself, is passed over', async () => {
    const { id, members, stranger } = await scene(2);
    const [ann, bob] = members;
    await storesNothing(async () => assert.deepEqual(await invite(ann, id, bob, ann), []));
    const made = await invite(ann, id, bob, stranger);
    assert.deepEqual(
      made.map(each => each.user.id),
      [stranger.id],
    );
  });

  it('owner and admins invite, and in an open group every member does', async () => {
    const { id, members, stranger } = await scene(2);
    const [ann, bob] = members;
    const foreigner = await person({ app: 'other' });
    const [dan, eve] = await people(2);
    await storesNothing(async () => {
      await refused(invite(bob, id, stranger), 'FORBIDDEN');
      await refused(invite(stranger, id, dan), 'NOT_A_MEMBER');
      await refused(invite(ann, id, foreigner), 'USER_NOT_FOUND');
      await refused(ann.call('member.invite', { groupId: id, userIds: [dan.id, '7'] }), 'USER_NOT_FOUND');
      await refused(invite(foreigner, id, foreigner), 'CONVERSATION_NOT_FOUND');
    });
    assert.equal(await count('group_request WHERE group_id = :id', { id }), 0);
    await ann.call('group.update', { groupId: id, joinPolicy: 'open' });
    const device = await bob.connect();
    const [request] = await device.call('member.invite', { groupId: id, userIds: [eve.id] });
    await allTold([device], 'group.requests', { requests: [request] });
    assert.equal((await accept(eve, id)).by?.id, bob.id);
  });

  it('a user who has blocked the one who invites is not invited', async () => {
    const { id, members, stranger } = await scene(2);
    const [ann, bob] = members;
    const dan = await person();
    await app.model.Block.create({ userId: Number(stranger.id), blockedId: Number(ann.id) });
    await app.model.Block.create({ userId: Number(bob.id), blockedId: Number(ann.id) });
    await storesNothing(() => refused(invite(ann, id, dan, stranger), 'BLOCKED'));
    assert.deepEqual(await streamOf(dan), []);
    assert.equal((await invite(ann, id, dan, bob)).length, 1, 'a member is passed over, whoever they have blocked');
    await makeAdmin(id, bob);
    assert.equal((await invite(bob, id, stranger)).length, 1);
  });

  it('an invitation to a full group can be accepted once there is room', async () => {
    const { id, members } = await scene(2);
    const [ann, bob] = members;
    const [dan, eve] = await people(2);
    mm(app.config.im, 'groupMaxMembers', 3);
    await storesNothing(() => refused(invite(ann, id, dan, eve), 'GROUP_FULL'));
    await invite(ann, id, dan);
    await invite(ann, id, eve);
    const both = await Promise.allSettled([dan, eve].map(each => accept(each, id)));
    assert.deepEqual(both.map(each => each.status).sort(), ['fulfilled', 'rejected']);
    const late = both[0].status === 'rejected' ? dan : eve;
    await storesNothing(() => refused(accept(late, id), 'GROUP_FULL'));
    assert.equal((await invitations(late))[0].status, 'pending');
    await ann.call('member.remove', { groupId: id, userIds: [bob.id] });
    await accept(late, id);
    assert.equal((await ann.call('group.show', { groupId: id })).memberCount, 3);
  });

  it('only the invited user answers an invitation', async () => {
    const { id, members, stranger } = await scene(3);
    const [ann, , cat] = members;
    const eve = await person();
    await invite(ann, id, stranger);
    const answer = (who: Person) => who.call('member.answer', { groupId: id, userId: stranger.id, answer: 'accept' });
    await storesNothing(async () => {
      await refused(answer(ann), 'REQUEST_NOT_FOUND');
      await refused(answer(cat), 'FORBIDDEN');
      await refused(answer(eve), 'NOT_A_MEMBER');
      await refused(accept(eve, id), 'REQUEST_NOT_FOUND');
    });
  });

  it('a user who accepts an invitation several times at once becomes a member once', async () => {
    const { id, members, clients, stranger } = await scene(2);
    const [ann] = members;
    await invite(ann, id, stranger);
    const all = await Promise.allSettled([1, 2, 3].map(() => accept(stranger, id)));
    assert.equal(all.filter(each => each.status === 'fulfilled').length, 1);
    await allTold([clients[0]], 'group.members_added', {
      group: await ann.call('group.show', { groupId: id }),
      userIds: [stranger.id],
      by: stranger.id,
    });
  });
});

describe('the invitations of a user', () => {
  it("a user's own invitations come in pages, the latest first, without those of others", async () => {
    const [ann, bob, cat, dan] = await people(4);
    const groups = await Promise.all([1, 2, 3, 4, 5].map(() => groupOf([ann, bob])));
    for (const { id } of groups) await invite(ann, id, cat, dan);
    // All of them are made in the same millisecond.
    await app.model.GroupRequest.update({ createdAt: new Date() }, { where: { userId: Number(cat.id) } });
    const whole = await invitations(cat);
    const paged = [];
    let cursor: string | undefined;
    do {
      const page = await cat.callPage('member.invitations', { limit: 2, ...(cursor && { cursor }) });
      paged.push(...page.data);
      cursor = page.nextCursor;
    } while (cursor && paged.length < 20);
    assert.deepEqual([paged.length, paged], [5, whole]);
    assert.deepEqual(new Set(whole.map(each => each.group.id)), new Set(groups.map(each => each.id)));
    assert.deepEqual(await invitations(bob), []);
  });
});
