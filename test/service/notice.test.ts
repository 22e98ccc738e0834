import assert from 'node:assert/strict';
import { absentees, admitAdmin, announce, notice, peopleOf, tenant } from '../support/notice';
import { ask, person, text, type Person } from '../support/person';
import { refused } from '../support/refusal';
import { app, count, mm, select, storesNothing } from '../support/service';

beforeEach(admitAdmin);
afterEach(mm.restore);

const listed = (someone: Person) => someone.ask('conversation.index');
const toOne = (someone: Person, given: object = {}) => notice({ to: { userIds: [someone.id] }, ...given });

describe('a notice to one user', () => {
  it('is pushed to all devices at once, is unread, and is read on all when one opens it', async () => {
    const [ann, bob] = [await person(), await person()];
    const [phone, laptop, other] = [await ann.connect(), await (await ann.login()).connect(), await bob.connect()];
    const body = toOne(ann, { link: 'https://example.com/news', event: { open: 'settings' } });
    const [place] = await announce(body);
    assert.deepEqual([place.userId, place.seq], [ann.id, 1]);
    const { conversationId } = place;

    await Promise.all([phone, laptop].map(device => device.reaches(1)));
    const [message] = phone.replica.messages;
    const { title, text: words, link, event } = body;
    assert.deepEqual(
      { ...message, clientMsgId: '', sentAt: '' },
      {
        conversationId,
        seq: 1,
        clientMsgId: '',
        type: 'notice',
        content: { title, text: words, link, event },
        sentAt: '',
      },
    );
    assert.deepEqual(laptop.replica.entries, phone.replica.entries);
    assert.deepEqual(await ann.call('message.index', { conversationId, limit: 50 }), [message]);
    const [{ id, type, name, unread, readSeq, lastMessage }] = await listed(ann);
    assert.deepEqual([id, type, name, unread, readSeq], [conversationId, 'system', '', 1, 0]);
    assert.deepEqual(lastMessage, message);

    const state = await phone.call('conversation.read', { conversationId, seq: 1 });
    assert.deepEqual(state, { conversationId, readSeq: 1, unread: 0 });
    await laptop.reaches(2);
    const { type: told, data } = laptop.replica.entries[1];
    assert.deepEqual([told, data], ['conversation.read', { readSeq: 1, unread: 0 }]);
    assert.equal((await listed(ann))[0].unread, 0);

    assert.deepEqual([other.replica.last, await listed(bob)], [0, []], 'nobody else has heard of it');
  });

  it('waits for one who is offline, in its place among the messages', async () => {
    const [ann, bob] = [await person(), await person()];
    const say = (words: string) => bob.ask('message.send', { body: { to: { userId: ann.id }, ...text(words) } });
    await say('before');
    await announce(toOne(ann, { title: 'One' }));
    await say('between');
    await announce(toOne(ann, { title: 'Two' }));
    const { entries, head } = await ann.ask('sync.pull', { query: { after: 0 } });
    const seen = entries.flatMap(each => ('messages' in each.data ? each.data.messages : []));
    assert.deepEqual(
      seen.map(({ seq, content }) => [seq, content.title ?? content.text]),
      [
        [1, 'before'],
        [1, 'One'],
        [2, 'between'],
        [2, 'Two'],
      ],
    );
    assert.equal(head, 4);
    const client = await ann.connect({ after: 0 });
    await client.reaches(4);
    assert.deepEqual(client.replica.entries, entries);
    assert.deepEqual(
      (await listed(ann)).map(({ type, unread }) => [type, unread]),
      [
        ['system', 2],
        ['single', 2],
      ],
    );
  });

  it('can not be answered, and a stranger does not see it', async () => {
    const [ann, bob] = [await person(), await person()];
    const eve = await person({ app: tenant() });
    const [{ conversationId }] = await announce(toOne(ann));
    const [a, b] = [await ann.connect(), await bob.connect()];
    await storesNothing(async () => {
      await refused(a.send({ conversationId, ...text('thank you') }), 'FORBIDDEN');
      await refused(ann.call('message.create', { conversationId, ...text('hello?') }), 'FORBIDDEN');
      await refused(b.send({ conversationId, ...text('hello?') }), 'FORBIDDEN');
      await refused(eve.ask('message.send', { body: { conversationId, ...text('hi') } }), 'CONVERSATION_NOT_FOUND');
      await refused(bob.ask('message.index', { id: conversationId }), 'NOT_A_MEMBER');
      await refused(b.call('conversation.read', { conversationId, seq: 1 }), 'NOT_A_MEMBER');
      await refused(eve.ask('conversation.show', { id: conversationId }), 'CONVERSATION_NOT_FOUND');
    });
  });
});

describe('a notice to a list of users', () => {
  it('goes to each of them in a conversation of their own', async () => {
    const [ann, bob, cat] = await peopleOf('default', 3);
    await announce(toOne(bob));
    const places = await announce(notice({ to: { userIds: [cat.id, bob.id] } }));
    assert.deepEqual(
      places.map(({ userId, seq }) => [userId, seq]),
      [
        [cat.id, 1],
        [bob.id, 2],
      ],
    );
    assert.notEqual(places[0].conversationId, places[1].conversationId);
    for (const [index, someone] of [cat, bob].entries()) {
      const [{ id, lastSeq }] = await listed(someone);
      assert.deepEqual([id, lastSeq], [places[index].conversationId, places[index].seq]);
    }
    assert.deepEqual(await listed(ann), []);
  });

  it('reaches a thousand', async () => {
    const userIds = await absentees(1000);
    const body = notice({ to: { userIds } });
    const places = await announce(body);
    assert.deepEqual(
      places.map(({ userId, seq }) => [userId, seq]),
      userIds.map(userId => [userId, 1]),
    );
    assert.equal(new Set(places.map(each => each.conversationId)).size, 1000);
    const rows = await select(
      `SELECT receiver_id, sync_seq, conversation_id, from_seq, to_seq FROM push_history WHERE receiver_id IN (:userIds)`,
      { userIds },
    );
    const expected = places.map(({ userId, conversationId }) => [Number(userId), 1, Number(conversationId), 1, 1]);
    assert.deepEqual(
      rows.map(row => Object.values(row)).sort((a, b) => Number(a[0]) - Number(b[0])),
      expected,
    );
    await storesNothing(async () => assert.deepEqual(await announce(body), places));
  });

  it('with somebody unknown, or of another tenant, is stored for nobody', async () => {
    const [ann, bob] = [await person(), await person({ app: tenant() })];
    await storesNothing(async () => {
      const { details } = await refused(announce(notice({ to: { userIds: [ann.id, '7', bob.id] } })), 'USER_NOT_FOUND');
      assert.deepEqual(details, { userIds: ['7', bob.id] });
    });
    const [{ userId }] = await announce(notice({ app: bob.session.user.app, to: { userIds: [bob.id] } }));
    assert.equal(userId, bob.id);
  });

  it('that is sent again is the same notice, also where it was cut off half way', async () => {
    const [ann, bob] = [await person(), await person()];
    const body = toOne(ann);
    const [first] = await announce(body);
    const both = { ...body, clientMsgId: body.clientMsgId.toUpperCase(), to: { userIds: [bob.id, ann.id] } };
    const places = await announce(both);
    assert.deepEqual(places[1], first);
    assert.deepEqual([places[0].userId, places[0].seq], [bob.id, 1]);
    await storesNothing(async () => assert.deepEqual(await announce(both), places));
    for (const someone of [ann, bob]) assert.equal((await someone.ask('sync.pull', { query: { after: 0 } })).head, 1);
  });

  it('that is sent several times at once is stored once', async () => {
    const all = await peopleOf('default', 4);
    const userIds = all.map(each => each.id);
    const body = notice({ to: { userIds } });
    const turned = { ...body, to: { userIds: [...userIds].reverse() } };
    const answers = await Promise.all([body, turned, body, turned, body].map(each => announce(each)));
    for (const places of answers) {
      const byUser = new Map(places.map(each => [each.userId, each]));
      assert.deepEqual(
        userIds.map(id => byUser.get(id)),
        answers[0],
      );
    }
    for (const someone of all) assert.equal((await someone.ask('sync.pull', { query: { after: 0 } })).head, 1);
  });

  it('comes without a gap when many are sent at once', async () => {
    const [ann, bob] = [await person(), await person()];
    const client = await ann.connect();
    const to = { userIds: [ann.id, bob.id] };
    const answers = await Promise.all(Array.from({ length: 8 }, () => announce(notice({ to }))));
    const seqs = answers.map(([{ seq }]) => seq).sort((a, b) => a - b);
    assert.deepEqual(seqs, [1, 2, 3, 4, 5, 6, 7, 8]);
    await client.reaches(8);
    assert.deepEqual(
      client.replica.messages.map(each => each.seq),
      seqs,
    );
    const [{ conversationId }] = answers[0];
    assert.equal(await count('conversation_member WHERE conversation_id = :conversationId', { conversationId }), 1);
  });
});

describe('a notice is refused', () => {
  it('to whoever does not show the admin token', async () => {
    const ann = await person();
    await storesNothing(async () => {
      for (const token of ['', 'x'.repeat(39), ann.session.accessToken]) {
        await refused(announce(toOne(ann), token), 'UNAUTHENTICATED');
      }
      await refused(ask('notice.create', { body: toOne(ann) }), 'UNAUTHENTICATED');
      await refused((await ann.connect()).acked('notice:create', toOne(ann)), 'UNKNOWN_EVENT');
    });
  });

  it('to everybody where no admin token is set', async () => {
    const ann = await person();
    mm(app.config.im, 'adminToken', '');
    await storesNothing(async () => {
      for (const token of ['', ann.session.accessToken]) await refused(announce(toOne(ann), token), 'UNAUTHENTICATED');
      await refused(ask('notice.create', { body: toOne(ann) }), 'UNAUTHENTICATED');
    });
  });

  it('when it is not of the form, out of date or too large', async () => {
    const ann = await person();
    const bad: object[] = [
      { title: '' },
      { title: 'x'.repeat(129) },
      { text: '' },
      { text: 'x'.repeat(4001) },
      { link: 'javascript:alert(1)' },
      { event: [] },
      { expiresAt: 'tomorrow' },
      { expiresAt: new Date(Date.now() - 1000).toISOString() },
      { clientMsgId: 'x' },
      { app: 'a b' },
      { to: 'nobody' },
      { to: { userIds: [] } },
      { to: { userIds: [ann.id, ann.id] } },
      { to: { userIds: Array.from({ length: 1001 }, (_, index) => String(index + 1)) } },
      { senderId: ann.id },
    ];
    await storesNothing(async () => {
      for (const given of bad) await refused(announce(toOne(ann, given)), 'INVALID_INPUT');
      const { details } = await refused(announce(toOne(ann, { event: { x: 'x'.repeat(17_000) } })), 'TOO_LARGE');
      assert.deepEqual(Object.keys(details as object), ['path', 'size', 'limit']);
    });
  });
});
