import assert from 'node:assert/strict';
import { groupOf } from '../../support/group';
import { people, person, text, type Person } from '../../support/person';
import { app } from '../../support/service';
import { systemConversation } from '../../support/system';

/** Two people, and a conversation of as many messages, "number 1" and so on. */
async function talk(howMany: number) {
  const [ann, bob] = await people(2);
  let conversationId = '';
  for (let seq = 1; seq <= howMany; seq++) {
    const sent = await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text(`number ${seq}`) } });
    ({ conversationId } = sent);
  }
  return { ann, bob, id: conversationId };
}

/** The last message as the list has it, which is that of the conversation. */
async function lastSeq(someone: Person, id: string): Promise<number | undefined> {
  const listed = (await someone.ask('conversation.index')).find(each => each.id === id)!;
  assert.deepEqual((await someone.ask('conversation.show', { id })).lastMessage, listed.lastMessage);
  return listed.lastMessage?.seq;
}

const hide = (someone: Person, id: string, seqs: readonly number[]) =>
  app.model.MessageHidden.bulkCreate(
    seqs.map(seq => ({ userId: Number(someone.id), conversationId: Number(id), seq })),
  );

describe('the last message of a conversation', () => {
  it('is the latest that the caller has not deleted for themselves', async () => {
    const { ann, bob, id } = await talk(4);
    await hide(bob, id, [4]);
    assert.deepEqual([await lastSeq(ann, id), await lastSeq(bob, id)], [4, 3]);
    await hide(bob, id, [3, 1]);
    assert.equal(await lastSeq(bob, id), 2);
    await hide(bob, id, [2]);
    assert.deepEqual([await lastSeq(ann, id), await lastSeq(bob, id)], [4, undefined]);
  });

  it('is none that is deleted for both', async () => {
    const { ann, bob, id } = await talk(3);
    await app.model.Message.update(
      { deletedAt: new Date(), content: '{}' },
      { where: { conversationId: Number(id), seq: [2, 3] } },
    );
    assert.deepEqual([await lastSeq(ann, id), await lastSeq(bob, id)], [1, 1]);
  });

  it('is none from before the history was cleared, or the member came', async () => {
    const { ann, bob, id } = await talk(3);
    await bob.ask('conversation.clear', { id });
    assert.deepEqual([await lastSeq(ann, id), await lastSeq(bob, id)], [3, undefined]);
    await ann.ask('message.create', { id, body: text('number 4') });
    await hide(bob, id, [4]);
    assert.equal(await lastSeq(bob, id), undefined, 'nor when one looks back for it');

    const cat = await person();
    const group = await groupOf([ann, bob]);
    await ann.ask('message.create', { id: group.id, body: text('without her') });
    await ann.ask('member.add', { id: group.id, body: { userIds: [cat.id] } });
    const line = (await lastSeq(cat, group.id))!;
    await hide(cat, group.id, [line]);
    assert.deepEqual([await lastSeq(bob, group.id), await lastSeq(cat, group.id)], [line, undefined]);
  });

  it('is no notice that is out of date', async () => {
    const ann = await person();
    const past = new Date(Date.now() - 1000);
    const future = new Date(Date.now() + 3_600_000);
    const id = await systemConversation(
      [ann],
      [
        { title: 'one' },
        { title: 'two', expiresAt: future },
        { title: 'three', expiresAt: past },
        { title: 'four', expiresAt: past },
      ],
    );
    assert.equal(await lastSeq(ann, id), 2);
  });

  it('is looked for in many conversations together, each with its own', async () => {
    const [ann, ...others] = await people(5);
    const ids: string[] = [];
    for (const other of others) {
      for (const words of ['one', 'two', 'three']) {
        const sent = await other.ask('message.send', { body: { to: { userId: ann.id }, ...text(words) } });
        if (words === 'three') ids.push(sent.conversationId);
      }
    }
    await hide(ann, ids[1], [3]);
    await hide(ann, ids[2], [2, 3]);
    await hide(ann, ids[3], [1, 2, 3]);
    const seen = await Promise.all(ids.map(id => lastSeq(ann, id)));
    assert.deepEqual(seen, [3, 2, 1, undefined]);
  });

  it('is not looked for further back than a thousand messages', async () => {
    const { bob, id } = await talk(1);
    // As if a thousand more had been sent and deleted for both.
    const conversationId = Number(id);
    const first = (await app.model.Message.findOne({ where: { conversationId } }))!.get();
    const more = Array.from({ length: 1000 }, (_, index) => ({
      ...first,
      seq: index + 2,
      clientMsgId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      deletedAt: new Date(),
    }));
    await app.model.Message.bulkCreate(more.slice(0, 999));
    await app.model.Conversation.update({ lastSeq: 1000 }, { where: { id: conversationId } });
    assert.equal(await lastSeq(bob, id), 1);
    await app.model.Message.bulkCreate(more.slice(999));
    await app.model.Conversation.update({ lastSeq: 1001 }, { where: { id: conversationId } });
    assert.equal(await lastSeq(bob, id), undefined);
  });
});
