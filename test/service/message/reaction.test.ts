import assert from 'node:assert/strict';
import { block, entryOf, noticeTo, silence, streamOf, typesOf } from '../../support/changes';
import { groupOf } from '../../support/group';
import { pair } from '../../support/packets';
import { people, person, text } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, count, storesNothing } from '../../support/service';

describe('a reaction', () => {
  it('is told to all members, and to nobody else', async () => {
    const [ann, bob, cat, eve] = await people(4);
    const { id: conversationId } = await groupOf([ann, bob, cat]);
    const clients = await Promise.all([ann, bob, await bob.login(), cat].map(each => each.connect()));
    await ann.ask('message.create', { id: conversationId, body: text('tea?') });
    const at = { conversationId, seq: 1, reaction: '👍🏽' };
    assert.deepEqual(await bob.call('message.react', { ...at, reacted: true }), {});
    const data = { seq: 1, userId: bob.id, reaction: '👍🏽', reacted: true };
    for (const client of clients) {
      const entry = await entryOf(client, 'message.reacted');
      assert.deepEqual([entry.conversationId, entry.data], [conversationId, data]);
    }
    await clients[1].call('message.react', { ...at, reacted: false });
    for (const client of clients) {
      const entry = await entryOf(client, 'message.reacted', 3);
      assert.deepEqual(entry.data, { ...data, reacted: false });
    }
    assert.deepEqual(await streamOf(cat), clients[3].replica.entries);
    assert.deepEqual(await streamOf(eve), []);
  });

  it('is in history with how many and who, in the order they came', async () => {
    const [ann, bob, cat] = await people(3);
    const { id: conversationId } = await groupOf([ann, bob, cat]);
    for (const words of ['one', 'two']) await ann.ask('message.create', { id: conversationId, body: text(words) });
    for (const [who, reaction] of [
      [cat, 'ok'],
      [bob, '❤️'],
      [ann, 'ok'],
    ] as const) {
      await who.call('message.react', { conversationId, seq: 2, reaction, reacted: true });
    }
    const [first, second] = await bob.call('message.index', { conversationId, limit: 50 });
    assert.equal(first.reactions, undefined);
    assert.deepEqual(second.reactions, [
      { reaction: 'ok', count: 2, userIds: [cat.id, ann.id] },
      { reaction: '❤️', count: 1, userIds: [bob.id] },
    ]);
    await ann.call('message.react', { conversationId, seq: 2, reaction: 'OK', reacted: true });
    const [, changed] = await bob.call('message.index', { conversationId, limit: 50 });
    assert.equal(changed.reactions!.length, 3, 'letters of another case are another reaction');
  });

  it('names the first 100, and counts all', async () => {
    const { ann, conversationId } = await pair();
    const at = (index: number) => new Date(Date.UTC(2026, 0, 1) + index);
    const rows = Array.from({ length: 130 }, (_, index) => ({
      conversationId: Number(conversationId),
      seq: 1,
      reaction: '👍',
      // The later the reaction, the smaller the id.
      userId: 1000 - index,
      createdAt: at(index),
    }));
    await app.model.MessageReaction.bulkCreate(rows);
    const [{ reactions }] = await ann.call('message.index', { conversationId, limit: 50 });
    const userIds = rows.slice(0, 100).map(row => String(row.userId));
    assert.deepEqual(reactions, [{ reaction: '👍', count: 130, userIds }]);
  });

  it('is there once however often it is put there, and is told once', async () => {
    const { bob, client, conversationId } = await pair();
    const react = (reacted: boolean) =>
      client.call('message.react', { conversationId, seq: 1, reaction: '🎉', reacted });
    await react(false);
    await Promise.all([react(true), react(true), react(true)]);
    await react(true);
    assert.equal(await count('message_reaction WHERE conversation_id = :conversationId', { conversationId }), 1);
    await Promise.all([react(false), react(false)]);
    const told = (await streamOf(bob)).slice(1);
    assert.deepEqual(
      told.map(each => 'reacted' in each.data && each.data.reacted),
      [true, false],
    );
  });

  it('is one of at most 20 on a message, also when two come at once', async () => {
    const { ann, bob, client, other, conversationId } = await pair();
    const at = { conversationId, seq: 1, reacted: true };
    for (let index = 1; index < 20; index++) await ann.call('message.react', { ...at, reaction: `r${index}` });
    const last = await Promise.allSettled([
      client.call('message.react', { ...at, reaction: 'r20' }),
      other.call('message.react', { ...at, reaction: 'r21' }),
    ]);
    assert.deepEqual(last.map(each => each.status).sort(), ['fulfilled', 'rejected']);
    await refused(bob.call('message.react', { ...at, reaction: 'r22' }), 'LIMIT_REACHED');
    await bob.call('message.react', { ...at, reaction: 'r1' });
    await bob.call('message.react', { ...at, reaction: 'r1', reacted: false });
    await ann.call('message.react', { ...at, reaction: 'r1', reacted: false });
    await bob.call('message.react', { ...at, reaction: 'r22' });
  });

  it('is refused to those who may not write, or do not see the message', async () => {
    const { ann, bob, conversationId } = await pair();
    const group = await groupOf([ann, bob]);
    await ann.ask('message.create', { id: group.id, body: text('hush') });
    await silence(group.id);
    await block(conversationId, ann, bob);
    const [eve, stranger, notice] = [await person(), await person({ app: 'other' }), await noticeTo(ann)];
    const react = (who: typeof ann, id: string, seq = 1, reaction = '👍') =>
      who.call('message.react', { conversationId: id, seq, reaction, reacted: true });
    await storesNothing(async () => {
      await refused(react(bob, group.id), 'MUTED');
      await refused(react(bob, conversationId), 'BLOCKED');
      await refused(react(ann, notice), 'FORBIDDEN');
      await refused(react(ann, group.id, 2), 'MESSAGE_NOT_FOUND');
      await refused(react(eve, conversationId), 'NOT_A_MEMBER');
      await refused(react(stranger, conversationId), 'CONVERSATION_NOT_FOUND');
      for (const bad of ['', ' ', '👍 ', 'x'.repeat(33)]) await refused(react(ann, group.id, 1, bad), 'INVALID_INPUT');
    });
    assert.equal(await count('message_reaction WHERE conversation_id = :id', { id: group.id }), 0);
    await react(ann, group.id);
  });

  it('is not told to those who joined later', async () => {
    const [ann, bob, cat] = await people(3);
    const { id: conversationId } = await groupOf([ann, bob]);
    await ann.ask('message.create', { id: conversationId, body: text('tea?') });
    await ann.call('member.add', { groupId: conversationId, userIds: [cat.id] });
    await bob.call('message.react', { conversationId, seq: 1, reaction: '👍', reacted: true });
    assert.ok(typesOf(await streamOf(ann)).includes('message.reacted'));
    assert.ok(!typesOf(await streamOf(cat)).includes('message.reacted'));
    await refused(
      cat.call('message.react', { conversationId, seq: 1, reaction: '👍', reacted: true }),
      'MESSAGE_NOT_FOUND',
    );
  });
});
