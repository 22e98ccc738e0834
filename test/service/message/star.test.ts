import assert from 'node:assert/strict';
import { entryOf, noticeTo, streamOf, typesOf } from '../../support/changes';
import { groupOf } from '../../support/group';
import { pair } from '../../support/packets';
import { people, person, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, storesNothing } from '../../support/service';

const star = (who: Person, conversationId: string, seq: number, starred = true) =>
  who.call('message.star', { conversationId, seq, starred });

async function starsOf(who: Person): Promise<string[]> {
  const stars = await who.call('message.stars', { limit: 50 });
  return stars.map(({ message: { conversationId, seq } }) => `${conversationId}:${seq}`);
}

describe('a starred message', () => {
  it('is told to the user’s own devices alone', async () => {
    const { ann, bob, other, conversationId } = await pair();
    const laptop = await (await bob.login()).connect();
    assert.deepEqual(await star(bob, conversationId, 1), {});
    for (const device of [other, laptop]) {
      const entry = await entryOf(device, 'message.starred');
      assert.deepEqual([entry.conversationId, entry.data], [conversationId, { seq: 1, starred: true }]);
    }
    await other.call('message.star', { conversationId, seq: 1, starred: false });
    assert.deepEqual((await entryOf(laptop, 'message.starred', 2)).data, { seq: 1, starred: false });
    assert.deepEqual(await starsOf(bob), []);
    assert.deepEqual(typesOf(await streamOf(ann)), ['message.new']);
  });

  it('is starred once however often, and told once', async () => {
    const { bob, other, conversationId } = await pair();
    await Promise.all([1, 2, 3].map(() => other.call('message.star', { conversationId, seq: 1, starred: true })));
    for (const starred of [false, false]) await star(bob, conversationId, 1, starred);
    const told = (await streamOf(bob)).slice(1);
    assert.deepEqual(
      told.map(each => each.data),
      [
        { seq: 1, starred: true },
        { seq: 1, starred: false },
      ],
    );
  });

  it('may be a notice, but nothing the user can not see', async () => {
    const [ann, bob, cat] = await people(3);
    const { id } = await groupOf([ann, bob]);
    await ann.ask('message.create', { id, body: text('before Cat') });
    await ann.call('member.add', { groupId: id, userIds: [cat.id] });
    const [eve, stranger, notice] = [await person(), await person({ app: 'other' }), await noticeTo(cat)];
    await star(cat, notice, 1);
    await storesNothing(async () => {
      await refused(star(cat, id, 1), 'MESSAGE_NOT_FOUND');
      await refused(star(cat, id, 3), 'MESSAGE_NOT_FOUND');
      await refused(star(ann, notice, 1), 'NOT_A_MEMBER');
      await refused(star(eve, id, 1), 'NOT_A_MEMBER');
      await refused(star(stranger, id, 1), 'CONVERSATION_NOT_FOUND');
    });
    assert.deepEqual(await starsOf(cat), [`${notice}:1`]);
  });
});

describe('the list of stars', () => {
  it('has those of all conversations, the latest starred first, as history has them', async () => {
    const [ann, bob] = await people(2);
    const client = await ann.connect();
    const { conversationId } = await client.send({ to: { userId: bob.id }, ...text('one') });
    const { id } = await groupOf([bob, ann]);
    for (const words of ['two', 'three']) await bob.ask('message.create', { id, body: text(words) });
    await star(ann, id, 1);
    await star(ann, conversationId, 1);
    await star(ann, id, 2);
    await bob.call('message.react', { conversationId: id, seq: 2, reaction: '👍', reacted: true });
    assert.deepEqual(await starsOf(ann), [`${id}:2`, `${conversationId}:1`, `${id}:1`]);
    const [latest] = await client.call('message.stars', { limit: 50 });
    const history = await ann.call('message.index', { conversationId: id, limit: 50 });
    assert.deepEqual(latest.message, history[1]);
    assert.ok(Math.abs(Date.parse(latest.starredAt) - Date.now()) < 60_000);
    assert.deepEqual(await starsOf(bob), []);
  });

  it('comes in pages without a gap or a double, also where times are equal', async () => {
    const { ann, client, conversationId } = await pair();
    for (let seq = 2; seq <= 9; seq++) await client.send({ conversationId, ...text(`number ${seq}`) });
    const own = { userId: Number(ann.id), conversationId: Number(conversationId) };
    const at = (seq: number) => new Date(Date.UTC(2026, 0, 1) + (seq >> 2));
    await app.model.MessageStar.bulkCreate(
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map(seq => ({ ...own, seq, createdAt: at(seq) })),
    );
    const paged: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await ann.callPage('message.stars', { limit: 2, ...(cursor && { cursor }) });
      paged.push(...page.data.map(each => each.message.seq));
      cursor = page.nextCursor;
    } while (cursor && paged.length < 20);
    assert.deepEqual(paged, [9, 8, 7, 6, 5, 4, 3, 2, 1]);
    for (const bad of ['x', '1-1', "1-1-1' OR 1"]) {
      await refused(ann.call('message.stars', { limit: 2, cursor: bad }), 'INVALID_INPUT');
    }
  });

  it('has only what the user can still see', async () => {
    const { ann, bob, client, conversationId } = await pair();
    for (const words of ['two', 'three', 'four']) await client.send({ conversationId, ...text(words) });
    const { id } = await groupOf([ann, bob]);
    await ann.ask('message.create', { id, body: text('in the group') });
    for (const seq of [1, 2, 3, 4]) await star(bob, conversationId, seq);
    await star(bob, id, 1);
    await bob.call('message.remove', { conversationId, seqs: [1], for: 'me' });
    await ann.call('message.remove', { conversationId, seqs: [2], for: 'both' });
    await ann.call('message.recall', { conversationId, seq: 3 });
    assert.deepEqual(await starsOf(bob), [`${id}:1`, `${conversationId}:4`]);
    await bob.call('group.leave', { groupId: id });
    assert.deepEqual(await starsOf(bob), [`${conversationId}:4`]);
  });
});
