import assert from 'node:assert/strict';
import type { DestroyOptions } from 'sequelize';
import { scene, streamOf } from '../../support/group';
import { people, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { purge } from '../../support/retention';
import { app, count, mm, storesNothing } from '../../support/service';

const join = (who: Person, groupId: string) => who.call('group.join', { groupId });
const invite = (by: Person, groupId: string, ...users: Person[]) =>
  by.call('member.invite', { groupId, userIds: users.map(each => each.id) });
const answer = (by: Person, groupId: string, who: Person, given: 'accept' | 'reject') =>
  by.call('member.answer', { groupId, userId: who.id, answer: given });

describe('what waits for an answer in a group', () => {
  it('is so many requests to join at most; one that is answered, too old or made anew takes no further place', async () => {
    mm(app.config.im, 'groupMaxRequests', 2);
    const { id, members } = await scene(2, { joinPolicy: 'approval' });
    const [ann, bob, cat, dan, eve] = [members[0], ...(await people(4))];
    await join(bob, id);
    await join(cat, id);
    await storesNothing(async () => {
      assert.deepEqual((await refused(join(dan, id), 'LIMIT_REACHED')).details, { limit: 2 });
    });
    await join(cat, id);
    await answer(ann, id, bob, 'reject');
    await join(dan, id);
    await refused(join(eve, id), 'LIMIT_REACHED');
    await app.model.GroupRequest.update(
      { expiresAt: new Date(Date.now() - 1) },
      { where: { groupId: Number(id), userId: Number(cat.id) } },
    );
    await join(eve, id);
  });

  it('is as many invitations beside them, and of several at once all or none are made', async () => {
    mm(app.config.im, 'groupMaxRequests', 2);
    const { id, members } = await scene(2, { joinPolicy: 'approval' });
    const [ann, bob, cat, dan, eve] = [members[0], ...(await people(4))];
    await join(bob, id);
    await join(cat, id);
    await invite(ann, id, dan);
    await refused(invite(ann, id, bob, cat), 'LIMIT_REACHED');
    assert.equal(await count('group_request WHERE group_id = :id', { id }), 3);
    await invite(ann, id, dan, bob);
    await app.model.User.update({ allowGroups: 'nobody' }, { where: { id: Number(eve.id) }, silent: true });
    await refused(ann.call('member.add', { groupId: id, userIds: [eve.id] }), 'LIMIT_REACHED');
  });

  it('is counted while many ask at once', async () => {
    mm(app.config.im, 'groupMaxRequests', 3);
    const { id } = await scene(2, { joinPolicy: 'approval' });
    const asking = (await people(8)).map(each => join(each, id).then(() => 'asked', codeOf));
    assert.deepEqual((await Promise.all(asking)).sort(), [...refusals(5), ...Array<string>(3).fill('asked')]);
  });
});

const codeOf = ({ failure }: { readonly failure: { readonly code: string } }) => failure.code;
const refusals = (howMany: number) => Array<string>(howMany).fill('LIMIT_REACHED');

describe('a group that ends with more requests than there may be', () => {
  it('tells so many of those who wait, and the purge takes the rest, which nobody sees meanwhile', async () => {
    const { id, members } = await scene(2, { joinPolicy: 'approval' });
    const asking = await people(5);
    for (const each of asking) await join(each, id);
    mm(app.config.im, 'groupMaxRequests', 1);
    await members[0].call('group.dissolve', { groupId: id });
    const streams = await Promise.all(asking.map(each => streamOf(each)));
    assert.equal(streams.filter(types => types.includes('group.dissolved')).length, 2);
    assert.equal(await count('group_request WHERE group_id = :id', { id }), 3);
    for (const each of asking) assert.deepEqual(await each.call('member.invitations', { limit: 10 }), []);
    await purge({ retentionDays: 0 });
    assert.equal(await count('group_request WHERE group_id = :id', { id }), 0);
  });
});

describe('the stars of somebody who leaves a group', () => {
  const starred = (who: Person) => count('message_star WHERE user_id = :id', { id: who.id });
  const star = (who: Person, conversationId: number, seqs: number[]) =>
    app.model.MessageStar.bulkCreate(
      seqs.map(seq => ({ userId: Number(who.id), conversationId, seq, createdAt: new Date() })),
    );
  const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

  it('go in portions, whatever their number, and not those of what came later', async () => {
    const { id, members } = await scene(3);
    const [, bob, cat] = members;
    for (const each of [bob, cat]) await star(each, Number(id), upTo(1001));
    await app.model.Conversation.update({ lastSeq: 1000 }, { where: { id: Number(id) } });
    const limits: unknown[] = [];
    const { MessageStar } = app.model;
    const destroy = MessageStar.destroy.bind(MessageStar);
    mm(MessageStar, 'destroy', (options: DestroyOptions) => {
      limits.push([options.limit, options.transaction]);
      return destroy(options);
    });
    await bob.call('group.leave', { groupId: id });
    assert.deepEqual(limits, Array<unknown>(3).fill([500, undefined]));
    assert.deepEqual([await starred(bob), await starred(cat)], [1, 1001]);
    await members[0].call('member.remove', { groupId: id, userIds: [cat.id] });
    assert.equal(await starred(cat), 0);
  });

  it('do not keep anybody from leaving when they can not be taken away', async () => {
    const { id, members } = await scene(2);
    const [ann, bob] = members;
    await ann.ask('message.create', { id, body: text('hello') });
    await star(bob, Number(id), [1]);
    mm(app.logger, 'warn', () => undefined);
    mm(app.model.MessageStar, 'destroy', () => Promise.reject(new Error('gone')));
    await bob.call('group.leave', { groupId: id });
    await refused(bob.ask('message.index', { id }), 'NOT_A_MEMBER');
  });
});
