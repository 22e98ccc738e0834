import assert from 'node:assert/strict';
import { newId } from '../../../app/lib/database/ids';
import { Given } from '../../../app/lib/stream/given';
import type { Receipt } from '../../../app/schema/conversation';
import type { Client } from '../../support/client';
import { haveBefriended } from '../../support/friends';
import { groupOf } from '../../support/group';
import { pair } from '../../support/packets';
import { people, person, text, type Person } from '../../support/person';
import { app, mm, otherProcess, select } from '../../support/service';
import { dataOf, streamOf } from '../../support/stream';

const receiptOf = async (someone: Person, id: string) => (await someone.ask('conversation.show', { id })).receipt;
/** What somebody's stream has told of the other's places, in order. */
const receiptsOf = async (someone: Person): Promise<Receipt[]> =>
  (await streamOf(someone)).flatMap(each => dataOf(each, 'conversation.receipt') ?? []);

describe('a message in a single conversation', () => {
  it('is first delivered, then read: its sender is told of both', async () => {
    const { ann, client, other, conversationId } = await pair();
    assert.deepEqual(await receiptOf(ann, conversationId), { deliveredSeq: 0, readSeq: 0 });
    await other.request('sync:ack', { syncSeq: 1 });
    await client.reaches(2);
    const { at, ...entry } = client.replica.entries[1];
    const data = { deliveredSeq: 1, readSeq: 0 };
    assert.deepEqual(entry, { syncSeq: 2, type: 'conversation.receipt', conversationId, data });
    assert.ok(Date.parse(at));
    assert.deepEqual(await receiptOf(ann, conversationId), data);
    await other.request('conversation:read', { conversationId, seq: 1 });
    await client.reaches(3);
    assert.deepEqual(client.replica.entries[2].data, { deliveredSeq: 1, readSeq: 1 });
    assert.deepEqual(await receiptOf(ann, conversationId), { deliveredSeq: 1, readSeq: 1 });
  });

  it('is told of on all devices of its sender, and to nobody else', async () => {
    const { ann, bob, other, conversationId } = await pair();
    const laptop = await (await ann.login()).connect();
    const eve = await person();
    await other.request('sync:ack', { syncSeq: 1 });
    await laptop.reaches(2);
    assert.equal(laptop.replica.entries[1].type, 'conversation.receipt');
    assert.deepEqual([(await streamOf(bob)).length, (await streamOf(eve)).length], [1, 0]);
    assert.deepEqual(await receiptOf(bob, conversationId), { deliveredSeq: 1, readSeq: 1 }, 'of her own message');
  });

  it('that is read counts as delivered, whenever the device says so', async () => {
    const { ann, bob, other, conversationId } = await pair();
    await other.request('conversation:read', { conversationId, seq: 1 });
    await other.request('sync:ack', { syncSeq: 2 });
    assert.deepEqual(await receiptsOf(ann), [{ deliveredSeq: 1, readSeq: 1 }]);
    const [row] = await select('SELECT acked_seq FROM device WHERE user_id = :id', { id: bob.id });
    assert.equal(row.acked_seq, 2);
  });

  it('is delivered once, by the first of the reader’s devices that has it', async () => {
    const { ann, bob, client, other, conversationId } = await pair();
    const tablet = await (await bob.login()).connect();
    await client.send({ conversationId, ...text('two') });
    await client.send({ conversationId, ...text('three') });
    await tablet.reaches(3);
    await tablet.request('sync:ack', { syncSeq: 2 });
    await other.request('sync:ack', { syncSeq: 1 });
    await other.request('sync:ack', { syncSeq: 3 });
    await tablet.request('sync:ack', { syncSeq: 3 });
    assert.deepEqual(await receiptsOf(ann), [
      { deliveredSeq: 2, readSeq: 0 },
      { deliveredSeq: 3, readSeq: 0 },
    ]);
  });

  it('is delivered, though the push by which it came is forgotten while another device is looked up', async () => {
    const { ann, bob, conversationId } = await pair();
    const { acks, database } = app.engine;
    const given = new Given();
    given.push(1, 1, [{ conversationId: Number(conversationId), seq: 1, syncSeq: 1 }]);
    given.take(0);
    const lookUp = database.select.bind(database);
    mm(database, 'select', (statement: Parameters<typeof lookUp>[0]) => {
      given.push(5, 5, []);
      return lookUp(statement);
    });
    const ack = ({ id, deviceId }: Person) => ({ userId: Number(id), deviceId, syncSeq: 1 });
    await Promise.all([acks.ack({ ...ack(bob), given }), acks.ack(ack(ann))]);
    assert.equal(given.knows(1), false, 'it is forgotten');
    assert.deepEqual(await receiptsOf(ann), [{ deliveredSeq: 1, readSeq: 0 }]);
  });

  it('is told of to a sender who was away meanwhile', async () => {
    const { ann, client, other, conversationId } = await pair();
    client.wire.disconnect();
    await other.request('sync:ack', { syncSeq: 1 });
    await other.request('conversation:read', { conversationId, seq: 1 });
    const back = await ann.connect({ after: 1 });
    await back.reaches(3);
    const told = back.replica.entries.map(({ type, data }) => [type, data]);
    assert.deepEqual(told, [
      ['conversation.receipt', { deliveredSeq: 1, readSeq: 0 }],
      ['conversation.receipt', { deliveredSeq: 1, readSeq: 1 }],
    ]);
  });

  it('that is answered was read: the answer says so, without a receipt beside it', async () => {
    const { ann, bob, client, other, conversationId } = await pair();
    await other.send({ conversationId, ...text('an answer') });
    await client.reaches(2);
    assert.deepEqual(
      client.replica.entries.map(each => each.type),
      ['message.new', 'message.new'],
    );
    assert.deepEqual(await receiptOf(ann, conversationId), { deliveredSeq: 2, readSeq: 2 });
    // Acknowledging one's own message, or one that was answered, is no news either.
    await other.request('sync:ack', { syncSeq: 2 });
    await client.request('sync:ack', { syncSeq: 2 });
    assert.deepEqual([await receiptsOf(ann), await receiptsOf(bob)], [[], [{ deliveredSeq: 2, readSeq: 1 }]]);
  });

  it('that is read again is not told of again', async () => {
    const { ann, other, conversationId } = await pair();
    for (let time = 0; time < 3; time++) await other.request('conversation:read', { conversationId, seq: 1 });
    assert.equal((await receiptsOf(ann)).length, 1);
  });
});

describe('that a message was delivered', () => {
  /** What Ann and her list are told when Bob's device has got a message from her. */
  async function told(ann: Person, bob: Person) {
    const { conversationId, seq } = await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('hi') } });
    await bob.call('sync.ack', { syncSeq: Number.MAX_SAFE_INTEGER });
    const receipt = await receiptOf(ann, conversationId);
    const { delivered } = await ann.call('message.receipts', { conversationId, seq });
    return { conversationId, receipts: await receiptsOf(ann), receipt, delivered };
  }

  it('is told to friends alone, as far as they may see that the reader is online', async () => {
    for (const hide of [
      (bob: Person) => bob.call('user.update', { privacy: { presence: 'nobody' } }),
      (bob: Person) => bob.call('user.update', { hidePresence: true }),
      (bob: Person, ann: Person) => app.model.Block.create({ userId: Number(bob.id), blockedId: Number(ann.id) }),
    ]) {
      const [ann, bob] = await people(2);
      await haveBefriended(ann, bob);
      assert.deepEqual((await told(ann, bob)).receipts, [{ deliveredSeq: 1, readSeq: 0 }]);
      const sent = await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('two') } });
      await hide(bob, ann);
      await bob.call('sync.ack', { syncSeq: Number.MAX_SAFE_INTEGER });
      assert.deepEqual(await receiptOf(ann, sent.conversationId), { deliveredSeq: 1, readSeq: 0 });
      assert.equal((await receiptsOf(ann)).length, 1);
    }
  });

  it('is told to a stranger when it is read, in a common group or not', async () => {
    const [ann, bob] = await people(2);
    await groupOf([ann, bob]);
    const { conversationId, ...known } = await told(ann, bob);
    assert.deepEqual(known, { receipts: [], receipt: { deliveredSeq: 0, readSeq: 0 }, delivered: 0 });
    await bob.call('conversation.read', { conversationId, seq: 1 });
    assert.deepEqual(await receiptsOf(ann), [{ deliveredSeq: 1, readSeq: 1 }]);
    await haveBefriended(ann, bob);
    assert.deepEqual((await told(ann, bob)).receipt, { deliveredSeq: 2, readSeq: 1 });
  });
});

describe('receipts', () => {
  it('are not sent in groups, where they are counted all the same', async () => {
    const [ann, bob, cat] = await people(3);
    const { id } = await groupOf([ann, bob, cat]);
    const [a, b] = [await ann.connect(), await bob.connect()];
    const { syncSeq } = await a.send({ conversationId: id, ...text('all of you') });
    await b.reaches(syncSeq);
    await b.request('sync:ack', { syncSeq });
    await b.request('conversation:read', { conversationId: id, seq: 1 });
    for (const each of [ann, bob, cat]) assert.deepEqual(await receiptsOf(each), []);
    assert.equal(await receiptOf(ann, id), undefined);
    const counted = await ann.call('message.receipts', { conversationId: id, seq: 1 });
    assert.deepEqual(counted, { delivered: 1, read: 1, total: 2 });
  });

  it('are not sent to oneself', async () => {
    const ann = await person();
    const [client, laptop] = [await ann.connect(), await (await ann.login()).connect()];
    const { conversationId } = await client.send({ to: { userId: ann.id }, ...text('a note') });
    await laptop.reaches(1);
    await laptop.request('sync:ack', { syncSeq: 1 });
    await laptop.request('conversation:read', { conversationId, seq: 1 });
    assert.deepEqual([await receiptsOf(ann), await receiptOf(ann, conversationId)], [[], undefined]);
  });

  it('of many conversations come from one acknowledgement', async () => {
    const [bob, ...senders] = await people(6);
    await haveBefriended(bob, ...senders);
    for (const sender of senders) {
      for (const words of ['one', 'two']) {
        await sender.ask('message.send', { body: { to: { userId: bob.id }, ...text(words) } });
      }
    }
    await bob.ask('sync.ack', { body: { syncSeq: 9 } });
    const told = await Promise.all(senders.map(receiptsOf));
    const two = [{ deliveredSeq: 2, readSeq: 0 }];
    assert.deepEqual(told, [two, two, two, two, [{ deliveredSeq: 1, readSeq: 0 }]]);
  });

  it('of a thousand conversations too', async () => {
    const bob = await person();
    const ids = await writtenToByMany(bob, 1100);
    await bob.ask('sync.ack', { body: { syncSeq: 1100 } });
    const rows = await select(
      `SELECT receiver_id, sync_seq, payload FROM push_history
      WHERE conversation_id IN (:ids) AND type = 'conversation.receipt' ORDER BY receiver_id`,
      { ids },
    );
    const payload = '{"deliveredSeq":1,"readSeq":0}';
    assert.deepEqual(
      rows,
      ids.map(id => ({ receiver_id: id, sync_seq: 1, payload })),
    );
  });
});

/** So many friends, known by their streams alone, have each sent somebody a message in a conversation of their own. */
async function writtenToByMany(someone: Person, howMany: number): Promise<number[]> {
  const { Conversation, ConversationMember, PushHistory, UserInbox } = app.model;
  const userId = Number(someone.id);
  const first = newId();
  const ids = Array.from({ length: howMany }, (_, index) => first + index);
  const at = new Date();
  const sent = { lastSeq: 1, count: 1, lastAt: at };
  await Conversation.bulkCreate(ids.map(id => ({ id, app: 'default', type: 'single', ...sent })));
  // A user has the id of their conversation.
  const members = ids.flatMap(id =>
    [{ userId }, { userId: id, readSeq: 1, readCount: 1 }].map(each => ({ ...each, id })),
  );
  await ConversationMember.bulkCreate(
    members.map(({ id, ...each }) => ({ conversationId: id, ...each, joinedAt: at })),
  );
  const entry = { receiverId: userId, type: 'message.new', fromSeq: 1, toSeq: 1, payload: null, createdAt: at };
  const entries = ids.map((id, index) => ({ ...entry, syncSeq: index + 1, conversationId: id }));
  await PushHistory.bulkCreate(entries);
  await haveBefriended(someone, ...ids.map(id => ({ id })));
  await UserInbox.bulkCreate(ids.map(id => ({ userId: id })));
  await UserInbox.update({ lastSeq: howMany }, { where: { userId } });
  return ids;
}

/**
 * What a client makes of its stream: how far the other one is, entry by entry. Who writes has read. Places may only grow,
 * and what is read is delivered.
 */
async function followedBy(someone: Person, conversationId: string): Promise<Receipt> {
  let place: Receipt = { deliveredSeq: 0, readSeq: 0 };
  for (const entry of await streamOf(someone)) {
    if (!('conversationId' in entry) || entry.conversationId !== conversationId) continue;
    const before = place;
    const messages = dataOf(entry, 'message.new')?.messages ?? [];
    const theirs = messages.filter(each => each.senderId !== someone.id).map(each => each.seq);
    const [deliveredSeq, readSeq] = [place.deliveredSeq, place.readSeq].map(seq => Math.max(seq, ...theirs));
    place = dataOf(entry, 'conversation.receipt') ?? { deliveredSeq, readSeq };
    const grows = place.deliveredSeq >= before.deliveredSeq && place.readSeq >= before.readSeq;
    assert.ok(grows && place.deliveredSeq >= place.readSeq, JSON.stringify([before, place]));
  }
  return place;
}

describe('acknowledgements, reads and messages at once', () => {
  it('refuse nobody, never go back, and end where the server stands, for many pairs', async () => {
    const persons = await people(4);
    for (const [index, each] of persons.entries()) await haveBefriended(each, ...persons.slice(index + 1));
    const clients = await Promise.all(persons.map(each => each.connect()));
    const others = [otherProcess(), otherProcess()].map(each => each.engine);
    const first = (from: Client, to: Person) => from.send({ to: { userId: to.id }, ...text('first') });
    // Everybody with everybody, so that the locks of many pairs meet.
    const talks = await Promise.all(
      clients.flatMap((client, a) =>
        persons.slice(a + 1).map(async (peer, offset) => {
          const { conversationId } = await first(client, peer);
          return { conversationId, members: [a, a + 1 + offset] };
        }),
      ),
    );
    const work: Promise<unknown>[] = [];
    for (let step = 1; step <= 40; step++) {
      for (const { conversationId, members } of talks) {
        const [writer, reader] = step % 2 ? members : [...members].reverse();
        const userId = Number(persons[reader].id);
        work.push(clients[writer].send({ conversationId, ...text(`step ${step}`) }));
        const read = { app: 'default', userId, conversationId: Number(conversationId), seq: 1 };
        work.push(others[step % 2].reads.read(read));
        work.push(clients[reader].request('conversation:read', { conversationId, seq: 1 }));
      }
      for (const { id, deviceId } of persons) {
        work.push(others[step % 2].acks.ack({ userId: Number(id), deviceId, syncSeq: step * 3 }));
      }
      for (const client of clients) work.push(client.request('sync:ack', { syncSeq: step * 4 }));
    }
    await Promise.all(work);
    for (const each of persons) await each.ask('sync.ack', { body: { syncSeq: Number.MAX_SAFE_INTEGER } });
    for (const { conversationId, members } of talks) {
      for (const each of members.map(place => persons[place])) {
        const receipt = await receiptOf(each, conversationId);
        assert.equal(receipt?.deliveredSeq, 41, 'every message has arrived');
        assert.deepEqual(await followedBy(each, conversationId), receipt);
      }
    }
  });

  it('tell all that two do to each other', async () => {
    const { ann, bob, client, other, conversationId } = await pair();
    const { engine } = otherProcess();
    const place = { app: 'default', userId: Number(bob.id), conversationId: Number(conversationId) };
    const work: Promise<unknown>[] = [];
    for (let step = 2; step <= 60; step++) {
      work.push((step % 4 ? client : other).send({ conversationId, ...text(`number ${step}`) }));
      work.push(other.request('sync:ack', { syncSeq: step - 1 }));
      // A message that is not there yet is refused.
      if (step % 3 === 0) work.push(engine.reads.read({ ...place, seq: step - 2 }).catch(() => undefined));
    }
    await Promise.all(work);
    await bob.ask('conversation.read', { id: conversationId, body: { seq: 60 } });
    const all = { deliveredSeq: 60, readSeq: 60 };
    assert.deepEqual([await followedBy(ann, conversationId), await receiptOf(ann, conversationId)], [all, all]);
  });
});
