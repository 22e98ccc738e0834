import assert from 'node:assert/strict';
import { absentees, admitAdmin, announce, notice, peopleOf, tenant } from '../support/notice';
import { person, text, type Person } from '../support/person';
import { refused } from '../support/refusal';
import { messagesOf } from '../support/replica';
import { app, connectedProcess, count, mm, otherProcess, select, storesNothing } from '../support/service';

beforeEach(admitAdmin);
afterEach(mm.restore);

const toAll = (where: string, title = 'Maintenance') => notice({ app: where, to: 'all', title });
const listed = (someone: Person) => someone.ask('conversation.index');

/** The runs of notices in a stream, as they are stored: first and last seq of each. */
async function runsOf(someone: Person, conversationId: string): Promise<unknown[]> {
  const rows = await select(
    `SELECT from_seq, to_seq FROM push_history
    WHERE receiver_id = :id AND conversation_id = :conversationId AND type = 'message.new' ORDER BY sync_seq`,
    { id: someone.id, conversationId },
  );
  return rows.map(row => [row.from_seq, row.to_seq]);
}

/** Stores notices of which no node is told, as when it is killed right after the commit. */
async function announceUnheard(where: string, howMany: number): Promise<string> {
  const told = app.engine.broadcasts;
  mm(told, 'announce', () => undefined);
  let conversationId = '';
  for (let sent = 0; sent < howMany; sent++) [{ conversationId }] = await announce(toAll(where, `Number ${sent + 1}`));
  mm.restore();
  admitAdmin();
  return conversationId;
}

const seqsIn = (entries: Parameters<typeof messagesOf>[0][]) => entries.flatMap(messagesOf).map(each => each.seq);

describe('a notice to all', () => {
  it('is pushed to all who are online in the tenant, on every device, and to nobody else', async () => {
    const here = tenant();
    const [ann, bob] = await peopleOf(here, 2);
    const eve = await person({ app: tenant() });
    const devices = [await ann.connect(), await (await ann.login()).connect(), await bob.connect()];
    const stranger = await eve.connect();
    const [place] = await announce(toAll(here));
    assert.deepEqual([place.userId, place.seq], [undefined, 1]);
    await Promise.all(devices.map(device => device.reaches(1)));
    for (const device of devices) {
      const [entry] = device.replica.entries;
      assert.deepEqual(entry.conversationId, place.conversationId);
      const [{ type, senderId, content }] = messagesOf(entry);
      assert.deepEqual([type, senderId, content.title], ['notice', undefined, 'Maintenance']);
    }
    // One after the other: the look for lost ones would take twice as long.
    const began = Date.now();
    for (let more = 2; more <= 20; more++) {
      await announce(toAll(here));
      await Promise.all(devices.map(device => device.reaches(more)));
    }
    assert.ok(Date.now() - began < 9 * app.config.im.headIntervalMs, 'at once');
    assert.equal((await eve.ask('sync.pull', { query: { after: 0 } })).head, 0);
    assert.deepEqual([stranger.replica.last, await listed(eve)], [0, []]);
  });

  it('is one row, however many they are', async () => {
    const here = tenant();
    const userIds = await absentees(1000, here);
    const tables = [
      'conversation',
      'conversation_member',
      'message',
      'push_history',
      'user_inbox WHERE notice_seq > 0',
    ];
    const rows = () => Promise.all(tables.map(table => count(table)));
    const before = await rows();
    await announce(toAll(here));
    const after = await rows();
    assert.deepEqual(
      after.map((rowsNow, index) => rowsNow - before[index]),
      [1, 0, 1, 0, 0],
    );
    assert.equal(await count('user_inbox WHERE user_id IN (:userIds) AND last_seq > 0', { userIds }), 0);
  });

  it('is unread for each of them until they open it', async () => {
    const here = tenant();
    const [ann, bob] = await peopleOf(here, 2);
    const [{ conversationId }] = await announce(toAll(here, 'One'));
    await announce(toAll(here, 'Two'));
    const [seen] = await listed(ann);
    assert.deepEqual(
      [seen.id, seen.type, seen.unread, seen.lastMessage?.content.title],
      [conversationId, 'system', 2, 'Two'],
    );
    const [phone, laptop] = [await ann.connect(), await (await ann.login()).connect()];
    const state = await phone.call('conversation.read', { conversationId, seq: 2 });
    assert.deepEqual(state, { conversationId, readSeq: 2, unread: 0 });
    await laptop.reaches(2);
    assert.equal(laptop.replica.entries[1].type, 'conversation.read');
    assert.equal((await listed(ann))[0].unread, 0);
    assert.equal((await listed(bob))[0].unread, 2, 'Bob has opened nothing');
    await announce(toAll(here, 'Three'));
    await phone.reaches(3);
    assert.deepEqual([(await listed(ann))[0].unread, (await listed(bob))[0].unread], [1, 3]);
  });

  it('that is sent again is the same notice, also at the same time', async () => {
    const here = tenant();
    const [ann] = await peopleOf(here, 1);
    const client = await ann.connect();
    const body = toAll(here);
    const answers = await Promise.all(Array.from({ length: 6 }, () => announce(body)));
    for (const places of answers) assert.deepEqual(places, answers[0]);
    await client.reaches(1);
    await storesNothing(async () => assert.deepEqual(await announce(body), answers[0]));
    assert.equal((await ann.ask('sync.pull', { query: { after: 0 } })).head, 1);
    const elsewhere = await announce({ ...body, app: tenant() });
    assert.notDeepEqual(elsewhere, answers[0], 'another tenant, another notice');
  });

  it('comes in one order when many are sent at once', async () => {
    const here = tenant();
    const persons = await peopleOf(here, 2);
    const clients = await Promise.all(persons.map(each => each.connect()));
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => announce(toAll(here, `No ${index}`))));
    const seqs = answers.map(([{ seq }]) => seq).sort((a, b) => a - b);
    assert.deepEqual(seqs, [1, 2, 3, 4, 5, 6, 7, 8]);
    for (const client of clients) {
      await client.until(() => client.replica.messages.length === 8 || undefined, 'eight notices');
      assert.deepEqual(seqsIn(client.replica.entries), seqs);
    }
  });
});

describe('who was away for ten notices', () => {
  const ways: Record<string, (ann: Person) => Promise<unknown>> = {
    connects: async ann => {
      const client = await ann.connect({ after: 0 });
      assert.equal(client.told('sync:head')[0].head, 2, 'told of with the head');
      await client.reaches(2);
    },
    pulls: ann => ann.ask('sync.pull', { query: { after: 0 } }),
    'looks at the list': listed,
  };
  for (const [way, come] of Object.entries(ways)) {
    it(`finds them as one entry when she ${way}`, async () => {
      const here = tenant();
      const [ann, bob] = await peopleOf(here, 2);
      await bob.ask('message.send', { body: { to: { userId: ann.id }, ...text('before') } });
      const conversationId = await announceUnheard(here, 10);
      assert.deepEqual(await runsOf(ann, conversationId), []);
      await come(ann);
      assert.deepEqual(await runsOf(ann, conversationId), [[1, 10]]);
      await bob.ask('message.send', { body: { to: { userId: ann.id }, ...text('after') } });
      const { entries } = await ann.ask('sync.pull', { query: { after: 0 } });
      assert.deepEqual(
        entries.map(each => messagesOf(each).length),
        [1, 10, 1],
      );
      const [single, system] = await listed(ann);
      assert.deepEqual([single.unread, system.unread, system.lastSeq], [2, 10, 10]);
      assert.deepEqual(await runsOf(bob, conversationId), [], 'Bob has not looked yet');
    });
  }

  it('finds hundreds in entries of a hundred', async () => {
    const here = tenant();
    const [ann, bob] = await peopleOf(here, 2);
    const conversationId = await announceUnheard(here, 230);
    const client = await ann.connect({ after: 0 });
    await client.reaches(3);
    assert.deepEqual(await runsOf(ann, conversationId), [
      [1, 100],
      [101, 200],
      [201, 230],
    ]);
    assert.deepEqual(
      seqsIn(client.replica.entries),
      Array.from({ length: 230 }, (_, index) => index + 1),
    );
    assert.equal((await bob.ask('sync.pull', { query: { after: 0 } })).head, 3);
  });
});

describe('a user who comes', () => {
  it('before the first notice sees it', async () => {
    const here = tenant();
    const [ann] = await peopleOf(here, 1);
    const [{ conversationId }] = await announce(toAll(here));
    assert.equal((await listed(ann))[0].unread, 1);
    const [{ seq }] = await ann.ask('message.index', { id: conversationId });
    assert.equal(seq, 1);
  });

  it('later sees the notices from then on', async () => {
    const here = tenant();
    const [{ conversationId }] = await announce(toAll(here, 'Old'));
    await announce(toAll(here, 'Older than Bob'));
    const bob = await person({ app: here });
    const client = await bob.connect({ after: 0 });
    assert.equal(client.told('sync:head')[0].head, 0);
    assert.deepEqual(await listed(bob), [], 'nothing for him in it yet');
    assert.deepEqual(await bob.ask('message.index', { id: conversationId }), []);
    await announce(toAll(here, 'New'));
    await client.reaches(1);
    assert.deepEqual(
      client.replica.messages.map(({ seq, content }) => [seq, content.title]),
      [[3, 'New']],
    );
    const [{ unread, readSeq, lastSeq }] = await listed(bob);
    assert.deepEqual([unread, readSeq, lastSeq], [1, 2, 3]);
    assert.equal((await bob.ask('message.index', { id: conversationId })).length, 1);
    assert.deepEqual(await client.call('conversation.read', { conversationId, seq: 3 }), {
      conversationId,
      readSeq: 3,
      unread: 0,
    });
  });

  it('with an account name that is taken leaves nothing behind', async () => {
    const here = tenant();
    await announce(toAll(here));
    const [ann] = await peopleOf(here, 1);
    const { account } = ann.session.user;
    await storesNothing(() => refused(person({ app: here, account }), 'ACCOUNT_TAKEN'));
  });

  it('while notices are sent has all since then, and none twice', async () => {
    const here = tenant();
    await announce(toAll(here));
    const sending = Promise.all(Array.from({ length: 10 }, () => announce(toAll(here))));
    const persons = await peopleOf(here, 5);
    await sending;
    for (const someone of persons) {
      const { entries, head } = await someone.ask('sync.pull', { query: { after: 0 } });
      const seqs = seqsIn(entries);
      assert.deepEqual(
        seqs,
        seqs.map((_, index) => 12 - seqs.length + index),
        'up to the last, without a gap',
      );
      assert.equal(entries.length, head);
      const unread = (await listed(someone))[0]?.unread ?? 0;
      assert.equal(unread, seqs.length);
    }
  });
});

describe('several nodes', () => {
  it('that deliver to the same users at once write each entry once', async () => {
    const here = tenant();
    const persons = await peopleOf(here, 6);
    const others = [otherProcess(), otherProcess()].map(({ engine }) => engine);
    const receivers = persons.map(({ id }) => ({ app: here, userId: Number(id) }));
    for (let round = 1; round <= 5; round++) {
      const conversationId = await announceUnheard(here, 1);
      const engines = [app.engine, ...others, app.engine, ...others];
      const looks = persons.map(each => each.ask('sync.pull', { query: { after: 0 } }));
      const turned = [...receivers].reverse();
      await Promise.all([
        ...looks,
        ...engines.map((engine, index) => engine.broadcasts.deliver(index % 2 ? receivers : turned)),
      ]);
      for (const someone of persons) {
        assert.deepEqual(
          await runsOf(someone, conversationId),
          Array.from({ length: round }, (_, index) => [index + 1, index + 1]),
        );
      }
    }
    for (const someone of persons) {
      const { entries, head } = await someone.ask('sync.pull', { query: { after: 0 } });
      assert.deepEqual([seqsIn(entries), head], [[1, 2, 3, 4, 5], 5]);
    }
  });

  it('each push to the users who are online there', async () => {
    const here = tenant();
    const [ann] = await peopleOf(here, 1);
    const client = await ann.connect();
    const { engine } = await connectedProcess();
    const began = Date.now();
    for (let sent = 1; sent <= 16; sent++) {
      await announceUnheard(here, 1);
      engine.broadcasts.announce(here);
      await client.reaches(sent);
    }
    assert.ok(Date.now() - began < 8 * app.config.im.headIntervalMs, 'not by the look for lost ones');
  });

  it('find by themselves what they were not told of', async () => {
    const here = tenant();
    const persons = await peopleOf(here, 3);
    const [other] = await peopleOf(tenant(), 1);
    const clients = await Promise.all(persons.map(each => each.connect()));
    const stranger = await other.connect();
    const began = Date.now();
    const conversationId = await announceUnheard(here, 1);
    for (const client of clients) await client.reaches(1);
    assert.ok(Date.now() - began < app.config.im.headIntervalMs + 1500);
    for (const someone of persons) assert.deepEqual(await runsOf(someone, conversationId), [[1, 1]]);
    assert.equal(stranger.replica.last, 0);
  });
});

describe('notices among messages', () => {
  it('leave no gap in any stream, and no count wrong', async () => {
    const here = tenant();
    const [ann, bob] = await peopleOf(here, 2);
    const [a, b, laptop] = [await ann.connect(), await bob.connect(), await (await bob.login()).connect()];
    const { conversationId } = await a.send({ to: { userId: bob.id }, ...text('first') });
    const sends = Array.from({ length: 40 }, () => a.send({ conversationId, ...text('busy') }));
    const notices = Array.from({ length: 10 }, (_, index) =>
      announce(index % 2 ? toAll(here) : notice({ app: here, to: { userIds: [bob.id] } })),
    );
    await Promise.all([...sends, ...notices]);
    for (const device of [b, laptop]) {
      await device.until(() => device.replica.messages.length === 51 || undefined, 'everything');
    }
    assert.deepEqual(laptop.replica.entries, b.replica.entries);
    const { entries } = await bob.ask('sync.pull', { query: { after: 0, limit: 500 } });
    assert.deepEqual(entries, b.replica.entries);
    const conversations = await listed(bob);
    assert.deepEqual(conversations.map(({ type, unread }) => `${type} ${unread}`).sort(), [
      'single 41',
      'system 5',
      'system 5',
    ]);
    for (const { id } of conversations) {
      const seqs = b.replica.messages.filter(each => each.conversationId === id).map(each => each.seq);
      assert.deepEqual(
        seqs,
        seqs.map((_, index) => index + 1),
      );
    }
  });

  it('are in a conversation of which no more members are looked up than asked for', async () => {
    const here = tenant();
    const [ann, bob] = await peopleOf(here, 2);
    const [{ conversationId }] = await announce(toAll(here));
    await Promise.all([listed(ann), listed(bob)]);
    const row = { id: Number(conversationId), type: 'system' as const, member_version: 0 };
    const read = async (userIds?: number[]) => {
      const { database, members } = app.engine;
      return (await members.read(database.query, [row], userIds)).get(row.id)!.ids;
    };
    assert.deepEqual(await read(), []);
    assert.deepEqual(await read([Number(ann.id), 7]), [Number(ann.id)]);
    assert.deepEqual(await read([Number(bob.id)]), [Number(bob.id)], 'and not what was read before');
    const { access } = app.createAnonymousContext().service.conversation;
    const actor = { app: here, userId: Number(ann.id), deviceId: ann.deviceId, sessionId: '' };
    const ids = (who: typeof actor) => access.run(who, row.id, ({ members }) => Promise.resolve(members.ids), 'system');
    assert.deepEqual(await ids(actor), [Number(ann.id)]);
    await assert.rejects(ids({ ...actor, userId: 7 }), { code: 'NOT_A_MEMBER' });
    await assert.rejects(ids({ ...actor, app: 'default' }), { code: 'CONVERSATION_NOT_FOUND' });
  });
});

describe('reading while a notice is on its way', () => {
  it('does not count what the stream brings later', async () => {
    const here = tenant();
    const [ann] = await peopleOf(here, 1);
    await announce(toAll(here, 'One'));
    await listed(ann);
    const conversationId = await announceUnheard(here, 1);
    const state = await ann.call('conversation.read', { conversationId, seq: 1 });
    assert.deepEqual(state, { conversationId, readSeq: 1, unread: 0 });
    const client = await ann.connect({ after: 0 });
    await client.reaches(3);
    assert.deepEqual(
      client.replica.entries.map(each => each.type),
      ['message.new', 'conversation.read', 'message.new'],
    );
    assert.deepEqual(client.replica.entries[1].data, { readSeq: 1, unread: 0 });
    assert.equal((await listed(ann))[0].unread, 1);
  });
});

describe('a notice that goes out of date', () => {
  it('is neither in the stream nor unread any more', async () => {
    const here = tenant();
    const [ann] = await peopleOf(here, 1);
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const [{ conversationId }] = await announce({ ...toAll(here, 'Short'), expiresAt });
    await announce(toAll(here, 'Lasting'));
    const before = await ann.ask('sync.pull', { query: { after: 0 } });
    assert.deepEqual(
      before.entries.flatMap(messagesOf).map(each => each.content),
      [
        { title: 'Short', text: 'Tonight from two to three.', expiresAt },
        { title: 'Lasting', text: 'Tonight from two to three.' },
      ],
    );
    await announce({ ...toAll(here, 'Shorter'), expiresAt });
    // The time comes.
    const where = { conversationId: Number(conversationId), seq: [1, 3] };
    await app.model.Message.update({ expiresAt: new Date(Date.now() - 1) }, { where });
    const client = await ann.connect({ after: 0 });
    await client.reaches(2);
    assert.deepEqual(seqsIn(client.replica.entries), [2], 'its entry stays, with nothing in it');
    const state = await client.call('conversation.read', { conversationId, seq: 1 });
    assert.deepEqual(state, { conversationId, readSeq: 1, unread: 1 });
    assert.deepEqual((await client.call('conversation.read', { conversationId, seq: 3 })).unread, 0);
  });
});
