import assert from 'node:assert/strict';
import { people, text, type Person } from '../../support/person';
import { count } from '../../support/service';

/** What the sender and the receiver then have: the one message, once. */
async function assertOne(clientMsgId: string, ...persons: readonly Person[]): Promise<void> {
  assert.equal(await count('message WHERE client_msg_id = :clientMsgId', { clientMsgId }), 1);
  for (const each of persons) {
    const { entries, head } = await each.ask('sync.pull', { query: { after: 0 } });
    assert.deepEqual([entries.length, head], [1, 1]);
  }
}

describe('a message that is sent again', () => {
  it('after its ack answers the same and adds nothing', async () => {
    const [ann, bob] = await people(2);
    const [a, b] = [await ann.connect(), await bob.connect()];
    const draft = { to: { userId: bob.id }, ...text('once') };
    const first = await a.send(draft);
    assert.deepEqual(await a.send(draft), first);
    assert.deepEqual(await ann.ask('message.send', { body: draft }), first);
    await b.reaches(1);
    assert.equal(b.replica.messages.length, 1);
    await assertOne(draft.clientMsgId, ann, bob);
  });

  it('after later messages still answers with its own place', async () => {
    const [ann, bob] = await people(2);
    const client = await ann.connect();
    const draft = { to: { userId: bob.id }, ...text('first') };
    const first = await client.send(draft);
    await client.send({ to: { userId: bob.id }, ...text('second') });
    assert.deepEqual(await client.send(draft), first);
  });

  it('from another device, because the connection broke before the ack, is stored once', async () => {
    const [ann, bob] = await people(2);
    const [client, receiver] = [await ann.connect(), await bob.connect()];
    const draft = { to: { userId: bob.id }, ...text('did it arrive?') };
    client.wire.emit('message:send', draft);
    await receiver.reaches(1);
    client.wire.disconnect();
    const again = await (await ann.login()).connect();
    const sent = await again.send(draft);
    assert.deepEqual([sent.seq, sent.syncSeq], [1, 1]);
    await assertOne(draft.clientMsgId, ann, bob);
  });

  it('twice at once is stored once', async () => {
    const [ann, bob] = await people(2);
    const [phone, laptop] = [await ann.connect(), await (await ann.login()).connect()];
    const draft = { to: { userId: bob.id }, ...text('twice') };
    const all = await Promise.all([phone.send(draft), phone.send(draft), laptop.send(draft), laptop.send(draft)]);
    for (const each of all) assert.deepEqual(each, all[0]);
    await assertOne(draft.clientMsgId, ann, bob);
  });

  it('with its id in other letters is stored once', async () => {
    const [ann, bob] = await people(2);
    const client = await ann.connect();
    const draft = { to: { userId: bob.id }, ...text('letters') };
    const upper = { ...draft, clientMsgId: draft.clientMsgId.toUpperCase() };
    const all = [...(await Promise.all([client.send(draft), client.send(upper)])), await client.send(upper)];
    for (const each of all) assert.deepEqual(each, all[0]);
    await assertOne(draft.clientMsgId, ann, bob);
  });

  it('to several conversations at once is in one of them', async () => {
    const [ann, bob, cat, dan] = await people(4);
    const client = await ann.connect();
    const others = [bob, cat, dan];
    // The conversations are there, with different queues of the writer: nothing but the message itself is at stake.
    for (const other of others) await client.send({ to: { userId: other.id }, ...text('hello') });
    const draft = text('to whom?');
    const all = await Promise.all(others.map(other => client.send({ to: { userId: other.id }, ...draft })));
    for (const each of all) assert.deepEqual(each, all[0]);
    assert.equal(await count('message WHERE client_msg_id = :clientMsgId', draft), 1);
    assert.equal((await client.request('sync:pull', { after: 0 })).head, 4);
  });

  it('by another user, under the same id, is another message', async () => {
    const [ann, bob] = await people(2);
    const [a, b] = [await ann.connect(), await bob.connect()];
    const draft = text('mine');
    const first = await a.send({ to: { userId: bob.id }, ...draft });
    const second = await b.send({ to: { userId: ann.id }, ...draft });
    assert.deepEqual([first.seq, second.seq], [1, 2]);
  });
});
