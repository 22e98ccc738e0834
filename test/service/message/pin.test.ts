import assert from 'node:assert/strict';
import { block, entryOf, noticeTo, seqsOf, silence, streamOf, typesOf } from '../../support/changes';
import { groupOf, makeAdmin } from '../../support/group';
import { pair } from '../../support/packets';
import { people, person, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, storesNothing } from '../../support/service';

const pin = (who: Person, conversationId: string, seq: number, pinned = true) =>
  who.call('message.pin', { conversationId, seq, pinned });

async function pinsOf(who: Person, conversationId: string): Promise<number[]> {
  return seqsOf(await who.call('message.pins', { conversationId }));
}

describe('a pinned message', () => {
  it('is told to all members on all devices, and to nobody else', async () => {
    const [ann, bob, cat, eve] = await people(4);
    const { id: conversationId } = await groupOf([ann, bob, cat]);
    const clients = await Promise.all([ann, await ann.login(), bob, cat].map(each => each.connect()));
    await bob.ask('message.create', { id: conversationId, body: text('Friday, 8 pm') });
    assert.deepEqual(await pin(ann, conversationId, 1), {});
    for (const client of clients) {
      const entry = await entryOf(client, 'message.pinned');
      assert.deepEqual([entry.conversationId, entry.data], [conversationId, { seq: 1, pinned: true, by: ann.id }]);
    }
    await clients[0].call('message.pin', { conversationId, seq: 1, pinned: false });
    for (const client of clients) {
      const { data } = await entryOf(client, 'message.pinned', 3);
      assert.deepEqual(data, { seq: 1, pinned: false, by: ann.id });
    }
    assert.deepEqual(await pinsOf(cat, conversationId), []);
    assert.deepEqual(await streamOf(eve), []);
  });

  it('is listed with the others, the latest pinned first, as history has them', async () => {
    const { ann, bob, client, conversationId } = await pair();
    for (const words of ['two', 'three']) await client.send({ conversationId, ...text(words) });
    for (const seq of [2, 1, 3]) await pin(bob, conversationId, seq);
    await ann.call('message.react', { conversationId, seq: 1, reaction: '👍', reacted: true });
    const history = await ann.call('message.index', { conversationId, limit: 50 });
    const pins = await client.call('message.pins', { conversationId });
    assert.deepEqual(
      pins,
      [3, 1, 2].map(seq => history[seq - 1]),
    );
    await pin(ann, conversationId, 2, false);
    await pin(ann, conversationId, 2);
    assert.deepEqual(await pinsOf(bob, conversationId), [2, 3, 1]);
  });

  it('is pinned once however often, and told once', async () => {
    const { ann, bob, client, conversationId } = await pair();
    const both = [true, true].map(pinned => client.call('message.pin', { conversationId, seq: 1, pinned }));
    await Promise.all([...both, pin(bob, conversationId, 1)]);
    for (const pinned of [false, false]) await pin(bob, conversationId, 1, pinned);
    const told = (await streamOf(ann)).slice(1).map(each => 'pinned' in each.data && each.data.pinned);
    assert.deepEqual(told, [true, false]);
  });

  it('is one of at most 100', async () => {
    const { ann, bob, client, conversationId } = await pair();
    for (const words of ['two', 'three']) await client.send({ conversationId, ...text(words) });
    const place = { conversationId: Number(conversationId), byId: Number(ann.id) };
    await app.model.MessagePin.bulkCreate(Array.from({ length: 99 }, (_, index) => ({ ...place, seq: 1000 + index })));
    const two = await Promise.allSettled([pin(ann, conversationId, 1), pin(bob, conversationId, 2)]);
    assert.deepEqual(two.map(each => each.status).sort(), ['fulfilled', 'rejected']);
    const limit = await refused(pin(ann, conversationId, 3), 'LIMIT_REACHED');
    assert.deepEqual(limit.details, { limit: 100 });
    const [first] = await pinsOf(ann, conversationId);
    await pin(ann, conversationId, first);
    await pin(ann, conversationId, first, false);
    await pin(ann, conversationId, 3);
  });
});

describe('pinning', () => {
  it('is in groups for owner and admins', async () => {
    const [ann, bob, cat] = await people(3);
    const { id } = await groupOf([ann, bob, cat]);
    await makeAdmin(id, bob);
    await cat.ask('message.create', { id, body: text('pin me') });
    await refused(pin(cat, id, 1), 'FORBIDDEN');
    await silence(id);
    await pin(bob, id, 1);
    await refused(pin(cat, id, 1, false), 'FORBIDDEN');
    await pin(ann, id, 1, false);
  });

  it('is refused to those who may not write, and where nobody may', async () => {
    const { ann, bob, conversationId } = await pair();
    await pin(bob, conversationId, 1);
    await block(conversationId, ann, bob);
    const [eve, stranger, notice] = [await person(), await person({ app: 'other' }), await noticeTo(ann)];
    await storesNothing(async () => {
      await refused(pin(bob, conversationId, 1, false), 'BLOCKED');
      await refused(pin(ann, notice, 1), 'FORBIDDEN');
      await refused(pin(ann, conversationId, 2), 'MESSAGE_NOT_FOUND');
      await refused(pin(eve, conversationId, 1), 'NOT_A_MEMBER');
      await refused(pinsOf(eve, conversationId), 'NOT_A_MEMBER');
      await refused(pin(stranger, conversationId, 1), 'CONVERSATION_NOT_FOUND');
      await refused(pinsOf(stranger, conversationId), 'CONVERSATION_NOT_FOUND');
    });
    assert.deepEqual(await pinsOf(bob, conversationId), [1]);
  });
});

describe('the list of pinned messages', () => {
  it('has only what the reader may see', async () => {
    const [ann, bob, cat] = await people(3);
    const { id: conversationId } = await groupOf([ann, bob]);
    await ann.ask('message.create', { id: conversationId, body: text('before Cat') });
    await ann.call('member.add', { groupId: conversationId, userIds: [cat.id] });
    await ann.ask('message.create', { id: conversationId, body: text('after') });
    for (const seq of [1, 3]) await pin(ann, conversationId, seq);
    assert.deepEqual(await pinsOf(cat, conversationId), [3]);
    await bob.call('message.remove', { conversationId, seqs: [3], for: 'me' });
    assert.deepEqual(await pinsOf(bob, conversationId), [1]);
    assert.deepEqual(await pinsOf(ann, conversationId), [3, 1]);
    const told = (await streamOf(cat)).filter(each => each.type === 'message.pinned');
    assert.deepEqual(
      told.map(each => each.data),
      [{ seq: 3, pinned: true, by: ann.id }],
    );
    assert.equal(typesOf(await streamOf(bob)).filter(type => type === 'message.pinned').length, 2);
  });
});
