import assert from 'node:assert/strict';
import { people, person, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, select } from '../../support/service';

const unreadOf = async (someone: Person, id: string) => (await someone.ask('conversation.show', { id })).unread;

/** What the list says of each conversation, and what counting its messages says; lines of the server's do not count. */
async function assertUnread(someone: Person): Promise<void> {
  const listed = await someone.ask('conversation.index', { query: { limit: 200 } });
  for (const { id, unread, readSeq } of listed) {
    const [row] = await select(
      `SELECT COUNT(*) AS n, SUM(m.sender_id = :userId) AS own FROM message m
       JOIN conversation_member me ON me.conversation_id = m.conversation_id AND me.user_id = :userId
       WHERE m.conversation_id = :id AND m.seq > me.read_seq AND m.seq > me.joined_seq AND m.type <> 'system'`,
      { userId: someone.id, id },
    );
    assert.deepEqual([unread, Number(row.own ?? 0)], [row.n, 0], `conversation ${id} read up to ${readSeq}`);
  }
}

describe('unread', () => {
  it('counts what others have sent, until it is read', async () => {
    const [ann, bob] = await people(2);
    const [a, b] = [await ann.connect(), await bob.connect()];
    const { conversationId } = await a.send({ to: { userId: bob.id }, ...text('one') });
    await a.send({ conversationId, ...text('two') });
    await a.send({ conversationId, ...text('three') });
    assert.deepEqual([await unreadOf(ann, conversationId), await unreadOf(bob, conversationId)], [0, 3]);
    const state = await b.request('conversation:read', { conversationId, seq: 2 });
    assert.deepEqual(state, { conversationId, readSeq: 2, unread: 1 });
    assert.equal(await unreadOf(bob, conversationId), 1);
    const rest = await bob.ask('conversation.read', { id: conversationId, body: { seq: 3 } });
    assert.deepEqual(rest, { conversationId, readSeq: 3, unread: 0 });
  });

  it('is nothing after sending, which means having read', async () => {
    const [ann, bob] = await people(2);
    const [a, b] = [await ann.connect(), await bob.connect()];
    const { conversationId } = await a.send({ to: { userId: bob.id }, ...text('one') });
    await a.send({ conversationId, ...text('two') });
    assert.equal(await unreadOf(bob, conversationId), 2);
    await b.send({ conversationId, ...text('I know') });
    const shown = await bob.ask('conversation.show', { id: conversationId });
    assert.deepEqual([shown.readSeq, shown.unread], [3, 0]);
    assert.equal(await unreadOf(ann, conversationId), 1);
  });

  it('is the same on every device: reading on one is told to the other', async () => {
    const [ann, bob] = await people(2);
    const phone = await bob.connect();
    const laptop = await (await bob.login()).connect();
    const a = await ann.connect();
    const { conversationId } = await a.send({ to: { userId: bob.id }, ...text('one') });
    await a.send({ conversationId, ...text('two') });
    await phone.request('conversation:read', { conversationId, seq: 1 });
    await laptop.reaches(3);
    const { at, ...entry } = laptop.replica.entries[2];
    assert.deepEqual(entry, { syncSeq: 3, type: 'conversation.read', conversationId, data: { readSeq: 1, unread: 1 } });
    assert.ok(Date.parse(at));
    await phone.reaches(3);
    assert.deepEqual((await bob.ask('sync.pull', { query: { after: 0 } })).entries, laptop.replica.entries);
    // The other user learns how far, and not what is left.
    const { entries } = await ann.ask('sync.pull', { query: { after: 2 } });
    assert.deepEqual(
      entries.map(({ type, data }) => [type, data]),
      [['conversation.receipt', { deliveredSeq: 1, readSeq: 1 }]],
    );
  });

  it('does not change by reading backwards, or again', async () => {
    const [ann, bob] = await people(2);
    const [a, b] = [await ann.connect(), await bob.connect()];
    const { conversationId } = await a.send({ to: { userId: bob.id }, ...text('one') });
    for (const words of ['two', 'three']) await a.send({ conversationId, ...text(words) });
    const read = (seq: number) => b.request('conversation:read', { conversationId, seq });
    const state = { conversationId, readSeq: 2, unread: 1 };
    for (const seq of [2, 1, 2]) assert.deepEqual(await read(seq), state);
    assert.equal((await b.request('sync:pull', { after: 0 })).head, 4, 'one entry, of the first time');
  });

  it('keeps the furthest of many reads at once', async () => {
    const [ann, bob] = await people(2);
    const [a, b] = [await ann.connect(), await bob.connect()];
    const { conversationId } = await a.send({ to: { userId: bob.id }, ...text('one') });
    for (const words of ['two', 'three', 'four']) await a.send({ conversationId, ...text(words) });
    await Promise.all([3, 1, 4, 2].map(seq => b.request('conversation:read', { conversationId, seq })));
    assert.deepEqual(await b.request('conversation:read', { conversationId, seq: 1 }), {
      conversationId,
      readSeq: 4,
      unread: 0,
    });
  });

  it('can not be moved to where there is no message, or by a stranger', async () => {
    const [ann, bob, eve] = await people(3);
    const [a, b, e] = [await ann.connect(), await bob.connect(), await eve.connect()];
    const { conversationId } = await a.send({ to: { userId: bob.id }, ...text('one') });
    await refused(b.request('conversation:read', { conversationId, seq: 2 }), 'INVALID_INPUT');
    await refused(b.request('conversation:read', { conversationId, seq: 0 }), 'INVALID_INPUT');
    await refused(e.request('conversation:read', { conversationId, seq: 1 }), 'NOT_A_MEMBER');
    await refused(e.request('conversation:read', { conversationId: '99', seq: 1 }), 'CONVERSATION_NOT_FOUND');
    assert.equal(await unreadOf(bob, conversationId), 1);
  });

  it('does not change by being mentioned, but for the message that mentions', async () => {
    const [ann, bob] = await people(2);
    const { conversationId } = await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('one') } });
    await ann.ask('message.send', { body: { conversationId, ...text('two') } });
    await bob.call('conversation.read', { conversationId, seq: 2 });
    await ann.ask('message.send', { body: { conversationId, ...text('bob?'), mentions: [bob.id] } });
    const { readSeq, unread } = await bob.call('conversation.show', { conversationId });
    assert.deepEqual([readSeq, unread], [2, 1]);
  });

  it('has a count that never goes back, also at a place that is purged and counts nothing', async () => {
    const [ann, bob] = await people(2);
    const { conversationId } = await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('one') } });
    for (const words of ['two', 'three']) {
      await ann.ask('message.send', { body: { conversationId, ...text(words) } });
    }
    const id = Number(conversationId);
    const readCount = async (seq: number) => {
      await bob.call('conversation.read', { conversationId, seq });
      const where = { conversationId: id, userId: Number(bob.id) };
      return (await app.model.ConversationMember.findOne({ where }))?.readCount;
    };
    assert.equal(await readCount(1), 1);
    await app.model.Message.destroy({ where: { conversationId: id, seq: [1, 2] } });
    await app.model.Conversation.update({ purgedSeq: 2, purgedCount: 2 }, { where: { id } });
    assert.deepEqual([await readCount(2), await readCount(3)], [1, 3]);
  });

  it('goes by what retention has left: places before it can be read, and count nothing', async () => {
    const [ann, bob] = await people(2);
    const [a, b] = [await ann.connect(), await bob.connect()];
    const { conversationId } = await a.send({ to: { userId: bob.id }, ...text('one') });
    for (const words of ['two', 'three', 'four']) await a.send({ conversationId, ...text(words) });
    // What retention does: the rows go, and the conversation remembers up to where.
    const id = Number(conversationId);
    await app.model.Message.destroy({ where: { conversationId: id, seq: [1, 2, 3] } });
    await app.model.Conversation.update({ purgedSeq: 3, purgedCount: 3 }, { where: { id } });
    assert.equal(await unreadOf(bob, conversationId), 1);
    const read = (seq: number) => b.request('conversation:read', { conversationId, seq });
    assert.deepEqual(await read(2), { conversationId, readSeq: 2, unread: 1 });
    assert.deepEqual(await read(3), { conversationId, readSeq: 3, unread: 1 });
    await refused(read(5), 'INVALID_INPUT');
    assert.deepEqual(await read(4), { conversationId, readSeq: 4, unread: 0 });
  });

  it('equals a recount after traffic of all kinds at once', async () => {
    const members = await people(5);
    const latecomer = await person();
    const clients = await Promise.all(members.map(member => member.connect()));
    const [ann] = members;
    const memberIds = members.slice(1).map(each => each.id);
    const group = await ann.ask('group.create', { body: { name: 'Busy', memberIds } });
    const single = await clients[0].send({ to: { userId: members[1].id }, ...text('psst') });
    await clients[0].send({ conversationId: group.id, ...text('before she comes') });
    // A fixed sequence, so that a failure can be had again.
    let state = 42;
    const random = (below: number) => (state = (state * 1103515245 + 12345) % 2147483648) % below;
    const work: Promise<unknown>[] = [];
    for (let step = 0; step < 300; step++) {
      const who = random(clients.length);
      const conversationId = who < 2 && random(3) === 0 ? single.conversationId : group.id;
      if (random(4) > 0) work.push(clients[who].send({ conversationId, ...text(`step ${step}`) }));
      // A message that is not there yet is refused, which is one more thing that happens.
      else
        work.push(
          clients[who].request('conversation:read', { conversationId, seq: 1 + random(100) }).catch(() => undefined),
        );
      if (step === 150) work.push(ann.ask('member.add', { id: group.id, body: { userIds: [latecomer.id] } }));
    }
    await Promise.all(work);
    await clients[0].send({ conversationId: group.id, ...text('welcome') });
    for (const each of [...members, latecomer]) await assertUnread(each);
    const [newest] = await latecomer.ask('conversation.index');
    assert.ok(newest.unread > 0 && newest.unread < newest.lastSeq, 'of what was sent after she came');
  });
});
