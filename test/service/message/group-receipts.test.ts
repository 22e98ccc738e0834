import assert from 'node:assert/strict';
import { noticeTo } from '../../support/changes';
import { groupOf } from '../../support/group';
import { pair } from '../../support/packets';
import { people, person, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app } from '../../support/service';

const receipts = (who: Person, conversationId: string, seq = 1) =>
  who.call('message.receipts', { conversationId, seq });

async function readers(who: Person, conversationId: string, seq = 1): Promise<string[]> {
  return (await who.call('message.readers', { conversationId, seq, limit: 100 })).map(each => each.userId);
}

const sorted = (...persons: Person[]) => persons.map(each => each.id).sort((a, b) => Number(a) - Number(b));

describe('the receipts of a message', () => {
  it('count the others who have got it and who have read it', async () => {
    const members = await people(5);
    const [ann, bob, cat, dan, eve] = members;
    const { id } = await groupOf(members);
    const [a, c] = [await ann.connect(), await cat.connect()];
    const { seq } = await a.send({ conversationId: id, ...text('hello') });
    assert.deepEqual(await receipts(ann, id), { delivered: 0, read: 0, total: 4 });
    await c.reaches(2);
    await c.call('sync.ack', { syncSeq: 2 });
    assert.deepEqual(await receipts(ann, id), { delivered: 1, read: 0, total: 4 });
    await bob.call('conversation.read', { conversationId: id, seq });
    assert.deepEqual(await receipts(ann, id), { delivered: 2, read: 1, total: 4 }, 'who has read it has it');
    await dan.ask('message.create', { id, body: text('hello Ann') });
    assert.deepEqual(await a.call('message.receipts', { conversationId: id, seq }), {
      delivered: 3,
      read: 2,
      total: 4,
    });
    assert.deepEqual(await readers(ann, id), sorted(bob, dan));
    assert.deepEqual(await receipts(ann, id, 2), { delivered: 0, read: 0, total: 4 });
    await eve.call('group.leave', { groupId: id });
    assert.deepEqual(await receipts(ann, id), { delivered: 3, read: 2, total: 3 }, 'of those who are members now');
  });

  it('do not take a message for delivered that stands behind a later one in a stream', async () => {
    const [ann, bob] = await people(2);
    const { id } = await groupOf([ann, bob]);
    for (const words of ['one', 'two']) await ann.ask('message.create', { id, body: text(words) });
    const later = new Date(Date.now() + 1000);
    const first = { receiverId: Number(bob.id), conversationId: Number(id), fromSeq: 1 };
    await app.model.PushHistory.update({ createdAt: later }, { where: first });
    assert.deepEqual(await receipts(ann, id, 2), { delivered: 0, read: 0, total: 1 });
    await bob.call('sync.ack', { syncSeq: Number.MAX_SAFE_INTEGER });
    assert.deepEqual(await receipts(ann, id, 2), { delivered: 1, read: 0, total: 1 });
  });

  it('leave out who joined after it was sent', async () => {
    const [ann, bob, cat] = await people(3);
    const { id } = await groupOf([ann, bob]);
    await ann.ask('message.create', { id, body: text('before Cat') });
    await ann.call('member.add', { groupId: id, userIds: [cat.id] });
    await ann.ask('message.create', { id, body: text('after') });
    await cat.call('conversation.read', { conversationId: id, seq: 3 });
    assert.deepEqual(await receipts(bob, id, 1), { delivered: 0, read: 0, total: 1 });
    assert.deepEqual(await receipts(bob, id, 3), { delivered: 1, read: 1, total: 2 });
    assert.deepEqual(await readers(bob, id, 3), [cat.id]);
    assert.deepEqual(await readers(bob, id, 1), []);
  });

  it('may be asked for by anybody in the conversation, and are the same for all', async () => {
    const [ann, bob, cat] = await people(3);
    const { id } = await groupOf([ann, bob, cat]);
    await ann.ask('message.create', { id, body: text('hello') });
    await bob.call('conversation.read', { conversationId: id, seq: 1 });
    for (const each of [ann, bob, cat]) {
      assert.deepEqual(await receipts(each, id), { delivered: 1, read: 1, total: 2 });
      assert.deepEqual(await readers(each, id), [bob.id]);
    }
  });

  it('are there in a single conversation, and of a note to oneself are none', async () => {
    const { ann, bob, other, conversationId } = await pair();
    assert.deepEqual(await receipts(ann, conversationId), { delivered: 0, read: 0, total: 1 });
    await other.call('conversation.read', { conversationId, seq: 1 });
    assert.deepEqual(await receipts(ann, conversationId), { delivered: 1, read: 1, total: 1 });
    assert.deepEqual(await readers(ann, conversationId), [bob.id]);
    const note = await ann.ask('message.send', { body: { to: { userId: ann.id }, ...text('buy milk') } });
    assert.deepEqual(await receipts(ann, note.conversationId), { delivered: 0, read: 0, total: 0 });
    assert.deepEqual(await readers(ann, note.conversationId), []);
  });

  it('are for those who may see the message', async () => {
    const [ann, bob, cat] = await people(3);
    const { id } = await groupOf([ann, bob]);
    await ann.ask('message.create', { id, body: text('before Cat') });
    await ann.call('member.add', { groupId: id, userIds: [cat.id] });
    const [eve, stranger, notice] = [await person(), await person({ app: 'other' }), await noticeTo(ann)];
    for (const ask of [receipts, readers]) {
      await refused(ask(cat, id), 'MESSAGE_NOT_FOUND');
      await refused(ask(ann, id, 9), 'MESSAGE_NOT_FOUND');
      await refused(ask(eve, id), 'NOT_A_MEMBER');
      await refused(ask(bob, notice), 'NOT_A_MEMBER');
      await refused(ask(stranger, id), 'CONVERSATION_NOT_FOUND');
    }
  });
});

describe('the readers of a message', () => {
  it('come in pages in order of id', async () => {
    const members = await people(8);
    const [ann, ...others] = members;
    const { id: conversationId } = await groupOf(members);
    await ann.ask('message.create', { id: conversationId, body: text('hello') });
    await Promise.all(others.slice(1).map(each => each.call('conversation.read', { conversationId, seq: 1 })));
    const client = await ann.connect();
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const query = { conversationId, seq: 1, limit: 2, ...(cursor && { cursor }) };
      const page = await ann.callPage('message.readers', query);
      assert.deepEqual(await client.call('message.readers', query), page.data);
      paged.push(...page.data.map(each => each.userId));
      cursor = page.nextCursor;
    } while (cursor && paged.length < 20);
    assert.deepEqual(paged, sorted(...others.slice(1)));
  });
});
