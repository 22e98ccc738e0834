import assert from 'node:assert/strict';
import { groupOf } from '../../support/group';
import { people, person, text } from '../../support/person';
import { refused } from '../../support/refusal';
import { find, placesOf, seqsOf } from '../../support/search';
import { app, storesNothing } from '../../support/service';

/** A group of Ann and Bob, in which Ann has said a secret, and another. */
async function secrets() {
  const [ann, bob, cat] = await people(3);
  const { id } = await groupOf([ann, bob]);
  await ann.ask('message.create', { id, body: text('first secret') });
  await ann.ask('message.create', { id, body: text('second secret') });
  return { ann, bob, cat, id };
}

const update = (seq: number, id: string, values: object) =>
  app.model.Message.update(values, { where: { conversationId: Number(id), seq } });

describe('what a search finds', () => {
  it('is what the caller may read: nothing for a stranger, or for somebody of another tenant', async () => {
    const { ann, bob, cat, id } = await secrets();
    const stranger = await person({ app: 'other' });
    assert.deepEqual(seqsOf(await find(bob, 'secret')), [2, 1]);
    await storesNothing(async () => {
      assert.deepEqual(await find(cat, 'secret'), []);
      assert.deepEqual(await find(stranger, 'secret'), []);
      assert.deepEqual(await find(cat, 'secret', { senderId: ann.id }), []);
      await refused(find(cat, 'secret', { conversationId: id }), 'NOT_A_MEMBER');
      await refused(find(stranger, 'secret', { conversationId: id }), 'CONVERSATION_NOT_FOUND');
      await refused(find(bob, 'secret', { conversationId: '7' }), 'CONVERSATION_NOT_FOUND');
    });
    const client = await cat.connect();
    await refused(client.call('message.search', { q: 'secret', conversationId: id, limit: 20 }), 'NOT_A_MEMBER');
    const cursor = `9999999999999-9999999999999-${id}-9999`;
    assert.deepEqual(await find(cat, 'secret', { cursor }), [], 'whatever the cursor says');
    assert.deepEqual(seqsOf(await find(bob, 'secret', { cursor })), [2, 1]);
  });

  it('is of conversations the caller is in now', async () => {
    const { ann, bob, id } = await secrets();
    await ann.ask('member.remove', { id, body: { userIds: [bob.id] } });
    assert.deepEqual(await find(bob, 'secret'), []);
    await refused(find(bob, 'secret', { conversationId: id }), 'NOT_A_MEMBER');
    assert.deepEqual(seqsOf(await find(ann, 'secret')), [2, 1]);
  });

  it('begins where the history of a new member begins', async () => {
    const { ann, cat, id } = await secrets();
    await ann.ask('member.add', { id, body: { userIds: [cat.id] } });
    assert.deepEqual(await find(cat, 'secret'), []);
    const { seq } = await ann.ask('message.create', { id, body: text('third secret') });
    assert.deepEqual(placesOf(await find(cat, 'secret')), [`${id}:${seq}`]);
    assert.deepEqual(placesOf(await find(cat, 'secret', { conversationId: id })), [`${id}:${seq}`]);
  });

  it('is not what the caller has cleared; others still find it', async () => {
    const { ann, bob, id } = await secrets();
    const where = { conversationId: Number(id), userId: Number(bob.id) };
    await app.model.ConversationMember.update({ clearedSeq: 1 }, { where });
    assert.deepEqual(seqsOf(await find(bob, 'secret')), [2]);
    await app.model.ConversationMember.update({ clearedSeq: 2 }, { where });
    assert.deepEqual(await find(bob, 'secret'), []);
    assert.deepEqual(seqsOf(await find(ann, 'secret')), [2, 1]);
  });

  it('is not what the caller has deleted for themselves; others still find it', async () => {
    const { ann, bob, id } = await secrets();
    await app.model.MessageHidden.create({ userId: Number(bob.id), conversationId: Number(id), seq: 2 });
    assert.deepEqual(seqsOf(await find(bob, 'secret')), [1]);
    assert.deepEqual(seqsOf(await find(ann, 'secret')), [2, 1]);
  });

  it('is neither recalled, nor deleted for all, nor out of date', async () => {
    const { ann, id } = await secrets();
    for (const words of ['third', 'fourth', 'fifth']) {
      await ann.ask('message.create', { id, body: text(`${words} secret`) });
    }
    // Each with its words still there, so that it is not their absence that hides it.
    await update(1, id, { recalledAt: new Date(), recalledBy: Number(ann.id) });
    await update(2, id, { deletedAt: new Date() });
    await update(3, id, { expiresAt: new Date(Date.now() - 1000) });
    await update(4, id, { expiresAt: new Date(Date.now() + 60_000) });
    assert.deepEqual(seqsOf(await find(ann, 'secret')), [5, 4]);
    await update(5, id, { recalledAt: new Date(), recalledBy: Number(ann.id), content: '{}' });
    assert.deepEqual(seqsOf(await find(ann, 'secret')), [4]);
  });

  it('is the text as it was edited', async () => {
    const { ann, id } = await secrets();
    await update(2, id, { content: JSON.stringify({ text: 'nothing' }), editedAt: new Date() });
    assert.deepEqual(seqsOf(await find(ann, 'secret')), [1]);
    assert.deepEqual(seqsOf(await find(ann, 'nothing')), [2]);
  });
});
