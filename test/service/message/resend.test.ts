import assert from 'node:assert/strict';
import { groupOf } from '../../support/group';
import { people, text, type Person } from '../../support/person';
import { refused, type Refusal } from '../../support/refusal';
import { count, storesNothing } from '../../support/service';
import { streamOf } from '../../support/stream';

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
    const all = await Promise.allSettled(others.map(other => client.send({ to: { userId: other.id }, ...draft })));
    const [sent] = all.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []));
    const refusals = all.flatMap(each => (each.status === 'rejected' ? [(each.reason as Refusal).failure] : []));
    assert.deepEqual(
      refusals.map(({ code, details }) => [code, details]),
      [
        ['CONFLICT', sent],
        ['CONFLICT', sent],
      ],
    );
    assert.equal(await count('message WHERE client_msg_id = :clientMsgId', draft), 1);
    assert.equal((await client.request('sync:pull', { after: 0 })).head, 4);
  });

  it('with another body, or to another receiver, is refused and named the first', async () => {
    const [ann, bob, cat] = await people(3);
    const client = await ann.connect();
    const { id } = await groupOf([ann, bob, cat]);
    const to = { to: { userId: bob.id } };
    await client.send({ ...to, ...text('before') });
    const draft = { ...to, ...text('tea?'), replyTo: 1, mentions: [bob.id], extra: { mood: 'hopeful', cups: 2 } };
    const first = await client.send(draft);
    const others = [
      { content: { text: 'coffee?' } },
      { type: 'custom' },
      { replyTo: undefined },
      { mentions: [ann.id, bob.id] },
      { mentions: undefined },
      { extra: { mood: 'hopeful' } },
      { extra: undefined },
      { to: { userId: cat.id } },
      { to: undefined, conversationId: id },
      { to: undefined, conversationId: id, mentionAll: true },
    ];
    await cat.ask('message.send', { body: { to: { userId: ann.id }, ...text('hello') } });
    await storesNothing(async () => {
      for (const other of others) {
        const { details } = await refused(client.send({ ...draft, ...other }), 'CONFLICT');
        assert.deepEqual(details, first, JSON.stringify(other));
      }
      const { details } = await refused(ann.ask('message.send', { body: { ...draft, ...others[0] } }), 'CONFLICT');
      assert.deepEqual(details, first, 'over REST');
    });
    const reordered = { ...draft, extra: { cups: 2, mood: 'hopeful' } };
    assert.deepEqual(await client.send(reordered), first, 'the order of fields says nothing');
  });

  it('with another body at the same time is stored as one of the two', async () => {
    const [ann, bob] = await people(2);
    const client = await ann.connect();
    const draft = { to: { userId: bob.id }, ...text('tea?') };
    const other = { ...draft, content: { text: 'coffee?' } };
    const [one, two] = [client.send(draft), refused(client.send(other), 'CONFLICT')];
    assert.deepEqual((await two).details, await one);
    await assertOne(draft.clientMsgId, ann, bob);
  });

  it('is answered as it is by now when it was edited, recalled or deleted since', async () => {
    const [ann, bob] = await people(2);
    const client = await ann.connect();
    const changes = [
      (at: { conversationId: string; seq: number }) => ann.call('message.edit', { ...at, content: { text: 'edited' } }),
      (at: { conversationId: string; seq: number }) => ann.call('message.recall', at),
      ({ conversationId, seq }: { conversationId: string; seq: number }) =>
        ann.call('message.remove', { conversationId, seqs: [seq], for: 'both' }),
    ];
    for (const change of changes) {
      const draft = { to: { userId: bob.id }, ...text('first'), extra: { mood: 'calm' } };
      const { conversationId, seq } = await client.send(draft);
      await change({ conversationId, seq });
      const entries = await streamOf(bob);
      assert.equal((await client.send(draft)).seq, seq);
      await refused(client.send({ ...draft, type: 'custom' }), 'CONFLICT');
      assert.deepEqual(await streamOf(bob), entries);
    }
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
