import assert from 'node:assert/strict';
import { befriend, cardOf, friendsOf, headOf, toldAfter } from '../../support/friends';
import { people, person, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, count, mm, storesNothing } from '../../support/service';

const DAY_MS = 86_400_000;

async function expire(from: Person, to: Person): Promise<void> {
  const where = { fromId: Number(from.id), toId: Number(to.id) };
  await app.model.FriendRequest.update({ expiresAt: new Date(Date.now() - 1) }, { where });
}

const requestsOf = (someone: Person, direction: 'in' | 'out') =>
  someone.call('friend.requests', { direction, limit: 50 });

const statusesOf = async (someone: Person, direction: 'in' | 'out') =>
  (await requestsOf(someone, direction)).map(each => each.status);

describe('a friend request', () => {
  it('a request is told to both users on all their devices, and to nobody else', async () => {
    const [ann, bob, cat] = await people(3);
    const laptop = await ann.login();
    const [a, a2, b] = await Promise.all([ann, laptop, bob].map(each => each.connect()));
    const request = await a.call('friend.ask', { userId: bob.id, greeting: 'we met at the lake' });
    assert.deepEqual(request, {
      from: cardOf(ann),
      to: cardOf(bob),
      greeting: 'we met at the lake',
      status: 'pending',
      createdAt: request.createdAt,
      expiresAt: request.expiresAt,
    });
    for (const client of [a, a2, b]) {
      await client.reaches(1);
      assert.deepEqual(toldAfter(client), [['friend.request', { request }]]);
      assert.ok(!('conversationId' in client.replica.entries[0]));
    }
    assert.deepEqual([await requestsOf(ann, 'out'), await requestsOf(bob, 'in')], [[request], [request]]);
    assert.deepEqual([await requestsOf(ann, 'in'), await requestsOf(bob, 'out')], [[], []]);
    assert.deepEqual([await headOf(cat), await requestsOf(cat, 'in')], [0, []]);
  });

  it('friends who have not written to each other see no conversation', async () => {
    const [ann, bob] = await people(2);
    await befriend(ann, bob);
    assert.deepEqual([await ann.ask('conversation.index'), await bob.ask('conversation.index')], [[], []]);
  });

  it('a request waits for the configured days, and can not be answered after them', async () => {
    const [ann, bob] = await people(2);
    mm(app.config.im, 'requestDays', 3);
    const { createdAt, expiresAt } = await ann.call('friend.ask', { userId: bob.id });
    assert.equal(Date.parse(expiresAt) - Date.parse(createdAt), 3 * DAY_MS);
    assert.ok(Math.abs(Date.parse(createdAt) - Date.now()) < 10_000);
    await expire(ann, bob);
    await storesNothing(async () => {
      for (const answer of ['accept', 'reject', 'ignore'] as const) {
        await refused(bob.call('friend.answer', { userId: ann.id, answer }), 'REQUEST_NOT_FOUND');
      }
    });
    // Asking the other way does not accept the expired request either.
    assert.equal((await bob.call('friend.ask', { userId: ann.id })).status, 'pending');
    assert.deepEqual(await friendsOf(ann), []);
  });

  it('a request that is made again has the greeting and the days of the second one', async () => {
    const [ann, bob] = await people(2);
    const b = await bob.connect();
    const first = await ann.call('friend.ask', { userId: bob.id, greeting: 'hello' });
    await expire(ann, bob);
    const second = await ann.call('friend.ask', { userId: bob.id, greeting: 'hello again' });
    const third = await ann.call('friend.ask', { userId: bob.id });
    assert.deepEqual([second.greeting, third.greeting], ['hello again', undefined]);
    assert.ok(third.expiresAt >= second.expiresAt && second.expiresAt > first.createdAt);
    await b.reaches(3);
    assert.deepEqual(
      toldAfter(b),
      [first, second, third].map(request => ['friend.request', { request }]),
    );
    assert.deepEqual(await requestsOf(bob, 'in'), [third]);
  });

  it('users can not ask themselves, friends, unknown users, or users of another tenant', async () => {
    const [ann, bob, stranger] = [await person(), await person(), await person({ app: 'other' })];
    await befriend(ann, bob);
    const socket = await ann.connect();
    await storesNothing(async () => {
      await refused(ann.call('friend.ask', { userId: ann.id }), 'FORBIDDEN');
      for (const [one, other] of [
        [ann, bob],
        [bob, ann],
      ]) {
        await refused(one.call('friend.ask', { userId: other.id }), 'ALREADY_FRIENDS');
      }
      for (const userId of [stranger.id, '7']) {
        await refused(ann.call('friend.ask', { userId }), 'USER_NOT_FOUND');
        await refused(socket.call('friend.ask', { userId }), 'USER_NOT_FOUND');
        await refused(ann.call('friend.answer', { userId, answer: 'accept' }), 'REQUEST_NOT_FOUND');
      }
    });
  });

  it('neither user can ask while one has blocked the other, and each is told another code', async () => {
    const [ann, bob] = await people(2);
    await bob.call('block.create', { userId: ann.id });
    await storesNothing(async () => {
      await refused(ann.call('friend.ask', { userId: bob.id }), 'BLOCKED');
      await refused(bob.call('friend.ask', { userId: ann.id }), 'FORBIDDEN');
    });
    assert.equal(await count('friend_request WHERE from_id IN (:ids)', { ids: [ann.id, bob.id] }), 0);
    await bob.call('block.remove', { userId: ann.id });
    assert.equal((await ann.call('friend.ask', { userId: bob.id })).status, 'pending');
  });

  it('a greeting that is too long is refused', async () => {
    const [ann, bob] = await people(2);
    await refused(ann.call('friend.ask', { userId: bob.id, greeting: 'x'.repeat(257) }), 'INVALID_INPUT');
    const answer = ann.ask('friend.answer', { id: bob.id, body: { answer: 'perhaps' } });
    await refused(answer, 'INVALID_INPUT');
  });
});

describe('the answer to a friend request', () => {
  it('two users become friends when a request is accepted, and each gets the card of the other', async () => {
    const [ann, bob, cat] = await people(3);
    const phone = await bob.login();
    const [a, b, b2] = await Promise.all([ann, bob, phone].map(each => each.connect()));
    const asked = await ann.call('friend.ask', { userId: bob.id, greeting: 'hi' });
    const request = await b.call('friend.answer', { userId: ann.id, answer: 'accept' });
    assert.deepEqual(request, { ...asked, status: 'accepted' });
    const [ofAnn] = await ann.ask('friend.index');
    const [ofBob] = await bob.ask('friend.index');
    assert.deepEqual(ofAnn, { user: cardOf(bob), since: ofAnn.since });
    assert.deepEqual(ofBob, { user: cardOf(ann), since: ofAnn.since });
    for (const [client, friend] of [
      [a, ofAnn],
      [b, ofBob],
      [b2, ofBob],
    ] as const) {
      await client.reaches(3);
      assert.deepEqual(toldAfter(client, 1), [
        ['friend.request', { request }],
        ['friend.updated', { friend }],
      ]);
    }
    assert.equal(await headOf(cat), 0);
    await refused(bob.call('friend.answer', { userId: ann.id, answer: 'reject' }), 'REQUEST_NOT_FOUND');
  });

  it('both users are told of a rejection, and the rejected user may ask again', async () => {
    const [ann, bob] = await people(2);
    const [a, b] = [await ann.connect(), await bob.connect()];
    const asked = await ann.call('friend.ask', { userId: bob.id });
    const request = await bob.call('friend.answer', { userId: ann.id, answer: 'reject' });
    assert.deepEqual(request, { ...asked, status: 'rejected' });
    for (const client of [a, b]) {
      await client.reaches(2);
      assert.deepEqual(toldAfter(client, 1), [['friend.request', { request }]]);
    }
    assert.deepEqual([await statusesOf(ann, 'out'), await friendsOf(ann)], [['rejected'], []]);
    await refused(bob.call('friend.answer', { userId: ann.id, answer: 'accept' }), 'REQUEST_NOT_FOUND');
    assert.equal((await ann.call('friend.ask', { userId: bob.id })).status, 'pending');
  });

  it('only the user who ignores a request knows that it is ignored', async () => {
    const [ann, bob] = await people(2);
    const phone = await bob.login();
    const [b, b2] = [await bob.connect(), await phone.connect()];
    const asked = await ann.call('friend.ask', { userId: bob.id, greeting: 'hi' });
    const request = await bob.call('friend.answer', { userId: ann.id, answer: 'ignore' });
    assert.deepEqual(request, { ...asked, status: 'ignored' });
    for (const client of [b, b2]) {
      await client.reaches(2);
      assert.deepEqual(toldAfter(client, 1), [['friend.request', { request }]]);
    }
    assert.equal(await headOf(ann), 1);
    assert.deepEqual([await requestsOf(ann, 'out'), await requestsOf(bob, 'in')], [[asked], [request]]);
    // Ignoring the request again changes nothing.
    assert.deepEqual(await bob.call('friend.answer', { userId: ann.id, answer: 'ignore' }), request);
    assert.deepEqual([await headOf(ann), await headOf(bob)], [1, 2]);
  });

  it('a request stays ignored when it is made again, and the one who asks does not learn of it', async () => {
    const [ann, bob] = await people(2);
    const [a, b] = [await ann.connect(), await bob.connect()];
    await ann.call('friend.ask', { userId: bob.id });
    await bob.call('friend.answer', { userId: ann.id, answer: 'ignore' });
    const again = await ann.call('friend.ask', { userId: bob.id, greeting: 'please' });
    assert.equal(again.status, 'pending');
    await Promise.all([a.reaches(2), b.reaches(3)]);
    assert.deepEqual(toldAfter(a, 1), [['friend.request', { request: again }]]);
    assert.deepEqual(toldAfter(b, 2), [['friend.request', { request: { ...again, status: 'ignored' } }]]);
    await expire(ann, bob);
    await ann.call('friend.ask', { userId: bob.id });
    assert.deepEqual(await statusesOf(bob, 'in'), ['pending'], 'a new one, after the old one has expired');
  });

  it('a request that was ignored may be accepted or rejected later', async () => {
    const [ann, bob, cat] = await people(3);
    for (const other of [bob, cat]) {
      await ann.call('friend.ask', { userId: other.id });
      await other.call('friend.answer', { userId: ann.id, answer: 'ignore' });
    }
    await bob.call('friend.answer', { userId: ann.id, answer: 'accept' });
    await cat.call('friend.answer', { userId: ann.id, answer: 'reject' });
    assert.deepEqual(await friendsOf(ann), [bob.id]);
    assert.deepEqual(await statusesOf(ann, 'out'), ['rejected', 'accepted']);
  });

  it('only the user who was asked answers a request', async () => {
    const [ann, bob, cat] = await people(3);
    await ann.call('friend.ask', { userId: bob.id });
    await storesNothing(async () => {
      for (const [one, other] of [
        [ann, bob],
        [cat, ann],
        [cat, bob],
        [bob, cat],
        [bob, bob],
      ]) {
        const attempt = one.call('friend.answer', { userId: other.id, answer: 'accept' });
        await refused(attempt, 'REQUEST_NOT_FOUND');
      }
    });
    assert.deepEqual(await friendsOf(bob), []);
  });
});

describe('two users who ask each other', () => {
  it('two users who ask each other are friends at once, and the first request is accepted', async () => {
    const [ann, bob] = await people(2);
    const [a, b] = [await ann.connect(), await bob.connect()];
    const asked = await ann.call('friend.ask', { userId: bob.id, greeting: 'hi' });
    const request = await bob.call('friend.ask', { userId: ann.id, greeting: 'hi too' });
    assert.deepEqual(request, { ...asked, status: 'accepted' });
    assert.deepEqual([await friendsOf(ann), await friendsOf(bob)], [[bob.id], [ann.id]]);
    for (const client of [a, b]) {
      await client.reaches(3);
      const types = client.replica.entries.map(each => each.type);
      assert.deepEqual(types, ['friend.request', 'friend.request', 'friend.updated']);
      assert.deepEqual(client.replica.entries[1].data, { request });
    }
    assert.deepEqual(await requestsOf(bob, 'out'), []);
  });

  it('two users who ask each other are friends also when the first request was ignored', async () => {
    const [ann, bob] = await people(2);
    await ann.call('friend.ask', { userId: bob.id });
    await bob.call('friend.answer', { userId: ann.id, answer: 'ignore' });
    assert.equal((await bob.call('friend.ask', { userId: ann.id })).status, 'accepted');
    assert.deepEqual(await friendsOf(ann), [bob.id]);
  });

  it('asking does not accept a request that the same user has rejected before', async () => {
    const [ann, bob] = await people(2);
    await ann.call('friend.ask', { userId: bob.id });
    await bob.call('friend.answer', { userId: ann.id, answer: 'reject' });
    assert.equal((await bob.call('friend.ask', { userId: ann.id })).status, 'pending');
    assert.deepEqual(await friendsOf(ann), []);
  });

  for (const [where, processes] of [
    ['at the same moment', 1],
    ['at the same moment at two processes', 2],
  ] as const) {
    it(`two users who ask each other ${where} become friends once`, async () => {
      // Two processes share no memory: each looks for the conversation, and both make it.
      if (processes === 2) mm(app.singles, 'get', () => undefined);
      const rounds = Array.from({ length: 10 }, async () => {
        const [ann, bob] = await people(2);
        const [a, b] = [await ann.connect(), await bob.connect()];
        const asked = await Promise.all([
          a.call('friend.ask', { userId: bob.id }),
          b.call('friend.ask', { userId: ann.id }),
        ]);
        assert.deepEqual(asked.map(each => each.status).sort(), ['accepted', 'pending']);
        const ids = [ann.id, bob.id];
        assert.equal(await count('friend WHERE user_id IN (:ids)', { ids }), 2);
        const places = 'conversation_member m JOIN conversation c ON c.id = m.conversation_id';
        assert.equal(await count(`${places} WHERE c.type = 'single' AND m.user_id IN (:ids)`, { ids }), 2);
        assert.deepEqual([await friendsOf(ann), await friendsOf(bob)], [[bob.id], [ann.id]]);
        await Promise.all([a.reaches(3), b.reaches(3)]);
        assert.deepEqual([await headOf(ann), await headOf(bob)], [3, 3]);
      });
      await Promise.all(rounds);
    });
  }
});

describe('a request that is answered twice at once', () => {
  it('of two different answers at once one counts, and the other is refused', async () => {
    const rounds = Array.from({ length: 10 }, async () => {
      const [ann, bob] = await people(2);
      await ann.call('friend.ask', { userId: bob.id });
      const answers = (['accept', 'reject'] as const).map(answer =>
        bob.call('friend.answer', { userId: ann.id, answer }),
      );
      const [accepted, rejected] = await Promise.allSettled(answers);
      const won = accepted.status === 'fulfilled';
      assert.notEqual(won, rejected.status === 'fulfilled');
      await refused(won ? answers[1] : answers[0], 'REQUEST_NOT_FOUND');
      assert.deepEqual(await statusesOf(bob, 'in'), [won ? 'accepted' : 'rejected']);
      assert.deepEqual(await friendsOf(ann), won ? [bob.id] : []);
    });
    await Promise.all(rounds);
  });

  it('a request is accepted once, however often that is said at once', async () => {
    const [ann, bob] = await people(2);
    await ann.call('friend.ask', { userId: bob.id });
    const answers = [1, 2, 3].map(() => bob.call('friend.answer', { userId: ann.id, answer: 'accept' }));
    const settled = await Promise.allSettled(answers);
    assert.equal(settled.filter(each => each.status === 'fulfilled').length, 1);
    assert.equal(await count('friend WHERE user_id = :id', { id: ann.id }), 1);
    assert.equal(await headOf(ann), 3);
  });
});

describe('the list of friend requests', () => {
  it('requests come in pages, the latest first, and each of them once', async () => {
    const [ann, ...others] = await people(6);
    for (const other of others) await other.call('friend.ask', { userId: ann.id });
    // Four of them are made in the same millisecond.
    const where = { fromId: others.slice(1).map(each => Number(each.id)), toId: Number(ann.id) };
    await app.model.FriendRequest.update({ createdAt: new Date(Date.now() + 1000) }, { where });
    await ann.call('friend.ask', { userId: (await person()).id });
    const newest = others.slice(1).map(each => each.id);
    const expected = [...newest.sort((x, y) => Number(y) - Number(x)), others[0].id];

    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { data, nextCursor } = await ann.callPage('friend.requests', {
        direction: 'in',
        limit: 2,
        ...(cursor && { cursor }),
      });
      seen.push(...data.map(each => each.from.id));
      cursor = nextCursor;
    } while (cursor);
    assert.deepEqual(seen, expected);
  });

  it('requests are listed over the socket too, and only a cursor of this list is taken', async () => {
    const [ann, bob] = await people(2);
    await bob.call('friend.ask', { userId: ann.id });
    const client = await ann.connect();
    assert.equal((await client.request('friend:requests', {})).length, 1);
    assert.deepEqual(await client.request('friend:requests', { direction: 'out' }), []);
    for (const cursor of ['1', 'x-1', '-']) {
      await refused(client.request('friend:requests', { cursor }), 'INVALID_INPUT');
    }
    await refused(client.request('friend:requests', { direction: 'both' }), 'INVALID_INPUT');
  });
});
