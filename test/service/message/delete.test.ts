import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { assertUnread, entryOf, noticeTo, rowsWith, seqsOf, streamOf, typesOf } from '../../support/changes';
import { groupOf } from '../../support/group';
import { pair } from '../../support/packets';
import { people, person, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { app, select, storesNothing } from '../../support/service';

const removal = (conversationId: string, whom: 'me' | 'both', ...seqs: number[]) => ({
  conversationId,
  seqs,
  for: whom,
});

describe('a message that a user deletes for themselves', () => {
  it('is gone on all their devices, and only there', async () => {
    const { ann, bob, client, other, conversationId } = await pair();
    const laptop = await (await bob.login()).connect();
    await client.send({ conversationId, ...text('two') });
    await other.send({ conversationId, ...text('three') });
    assert.deepEqual(await bob.call('message.remove', removal(conversationId, 'me', 3, 1)), {});
    for (const device of [other, laptop]) {
      const entry = await entryOf(device, 'message.hidden');
      assert.deepEqual([entry.conversationId, entry.data], [conversationId, { seqs: [1, 3] }]);
    }
    assert.deepEqual(seqsOf(await bob.call('message.index', { conversationId, limit: 50 })), [2]);
    assert.deepEqual(seqsOf(await ann.call('message.index', { conversationId, limit: 50 })), [1, 2, 3]);
    assert.deepEqual(typesOf(await streamOf(ann)), ['message.new', 'message.new', 'message.new']);
  });

  it('is told once, and what is new with it', async () => {
    const { bob, client, other, conversationId } = await pair();
    await client.send({ conversationId, ...text('two') });
    const hide = (...seqs: number[]) => other.call('message.remove', removal(conversationId, 'me', ...seqs));
    await Promise.all([hide(1), hide(1)]);
    await hide(1);
    await hide(2, 1);
    const told = (await streamOf(bob)).slice(2);
    assert.deepEqual(
      told.map(each => each.data),
      [{ seqs: [1] }, { seqs: [2] }],
    );
  });

  it('may be of any type and anybody’s: a tombstone, a line of the server’s, a notice', async () => {
    const [ann, bob, cat] = await people(3);
    const { id: conversationId } = await groupOf([ann, bob]);
    await ann.ask('message.create', { id: conversationId, body: text('oops') });
    await ann.call('message.recall', { conversationId, seq: 1 });
    await ann.call('member.add', { groupId: conversationId, userIds: [cat.id] });
    await bob.call('message.remove', removal(conversationId, 'me', 1, 2));
    assert.deepEqual(await bob.call('message.index', { conversationId, limit: 50 }), []);
    const notice = await noticeTo(bob);
    await bob.call('message.remove', removal(notice, 'me', 1));
    assert.deepEqual(await bob.call('message.index', { conversationId: notice, limit: 50 }), []);
  });

  it('can not be changed, starred or asked for by them any more', async () => {
    const { ann, bob, conversationId } = await pair();
    await ann.call('message.remove', removal(conversationId, 'me', 1));
    const at = { conversationId, seq: 1 };
    await refused(ann.call('message.edit', { ...at, content: { text: 'x' } }), 'MESSAGE_NOT_FOUND');
    await refused(ann.call('message.recall', at), 'MESSAGE_NOT_FOUND');
    await refused(ann.call('message.star', { ...at, starred: true }), 'MESSAGE_NOT_FOUND');
    await refused(ann.call('message.receipts', at), 'MESSAGE_NOT_FOUND');
    await bob.call('message.star', { ...at, starred: true });
  });

  it('does not come back by what the others do to it', async () => {
    const { ann, bob, conversationId } = await pair();
    await bob.call('message.remove', removal(conversationId, 'me', 1));
    const at = { conversationId, seq: 1 };
    await ann.call('message.edit', { ...at, content: { text: 'again' } });
    await ann.call('message.react', { ...at, reaction: '👍', reacted: true });
    await ann.call('message.pin', { ...at, pinned: true });
    await ann.call('message.recall', at);
    assert.deepEqual(typesOf(await streamOf(bob)), ['message.new', 'message.hidden']);
    assert.equal((await streamOf(ann)).length, 5);
  });

  it('has to be one they can see', async () => {
    const { ann, bob, client, conversationId } = await pair();
    const [eve, stranger] = [await person(), await person({ app: 'other' })];
    const { id } = await groupOf([ann, bob]);
    await ann.ask('message.create', { id, body: text('before Eve') });
    await ann.call('member.add', { groupId: id, userIds: [eve.id] });
    await storesNothing(async () => {
      await refused(client.call('message.remove', removal(conversationId, 'me', 1, 2)), 'MESSAGE_NOT_FOUND');
      await refused(eve.call('message.remove', removal(id, 'me', 1)), 'MESSAGE_NOT_FOUND');
      await refused(eve.call('message.remove', removal(conversationId, 'me', 1)), 'NOT_A_MEMBER');
      await refused(stranger.call('message.remove', removal(conversationId, 'me', 1)), 'CONVERSATION_NOT_FOUND');
    });
    assert.deepEqual(seqsOf(await ann.call('message.index', { conversationId, limit: 50 })), [1]);
  });

  it('leaves pages of history as long as they are to be', async () => {
    const { bob, client, conversationId } = await pair();
    for (let seq = 2; seq <= 12; seq++) await client.send({ conversationId, ...text(`number ${seq}`) });
    await bob.call('message.remove', removal(conversationId, 'me', 1, 4, 5, 6, 9, 12));
    await client.call('message.remove', removal(conversationId, 'both', 10));
    const page = async (query: { before?: number; after?: number }) =>
      seqsOf(await bob.call('message.index', { conversationId, limit: 3, ...query }));
    assert.deepEqual(await page({}), [7, 8, 11]);
    assert.deepEqual(await page({ before: 8 }), [2, 3, 7]);
    assert.deepEqual(await page({ after: 0 }), [2, 3, 7]);
    assert.deepEqual(await page({ after: 7 }), [8, 11]);
    assert.deepEqual(await page({ after: 2, before: 8 }), [3, 7]);
  });
});

describe('history that a user has cleared, or that was purged', () => {
  it('is as if it were not there, in every call', async () => {
    const { ann, bob, client, conversationId } = await pair();
    for (const words of ['two', 'three']) await client.send({ conversationId, ...text(words) });
    for (const seq of [1, 2, 3]) {
      await bob.call('message.star', { conversationId, seq, starred: true });
      await bob.call('message.pin', { conversationId, seq, pinned: true });
    }
    const { Conversation, ConversationMember } = app.model;
    const own = { conversationId: Number(conversationId), userId: Number(bob.id) };
    await ConversationMember.update({ clearedSeq: 1 }, { where: own });
    await Conversation.update({ purgedSeq: 2, purgedCount: 2 }, { where: { id: Number(conversationId) } });
    for (const [who, gone] of [
      [bob, 1],
      [bob, 2],
      [ann, 2],
    ] as const) {
      const at = { conversationId, seq: gone };
      await refused(who.call('message.react', { ...at, reaction: '👍', reacted: true }), 'MESSAGE_NOT_FOUND');
      await refused(who.call('message.star', { ...at, starred: false }), 'MESSAGE_NOT_FOUND');
      await refused(who.call('message.pin', { ...at, pinned: false }), 'MESSAGE_NOT_FOUND');
      await refused(who.call('message.recall', at), 'MESSAGE_NOT_FOUND');
      await refused(who.call('message.receipts', at), 'MESSAGE_NOT_FOUND');
      await refused(who.call('message.remove', removal(conversationId, 'me', gone, 3)), 'MESSAGE_NOT_FOUND');
      assert.deepEqual(seqsOf(await who.call('message.index', { conversationId, limit: 50 })), [3]);
      assert.deepEqual(seqsOf(await who.call('message.index', { conversationId, limit: 50, after: 0 })), [3]);
      assert.deepEqual(seqsOf(await who.call('message.pins', { conversationId })), [3]);
    }
    const stars = await bob.call('message.stars', { limit: 50 });
    assert.deepEqual(
      stars.map(each => each.message.seq),
      [3],
    );
  });
});

describe('a message that its sender deletes for both', () => {
  it('is gone for both, as if it had never been sent, and nowhere in the database', async () => {
    const { ann, bob, client, other, conversationId } = await pair();
    const words = randomUUID();
    const extra = { words };
    await client.send({ conversationId, ...text(words), extra, mentions: [bob.id], replyTo: 1 });
    await other.send({ conversationId, ...text('what do you mean?'), replyTo: 2 });
    await bob.call('message.star', { conversationId, seq: 2, starred: true });
    await bob.call('message.pin', { conversationId, seq: 2, pinned: true });
    await ann.call('message.remove', removal(conversationId, 'both', 2));
    for (const device of [client, other]) {
      const entry = await entryOf(device, 'message.deleted');
      assert.deepEqual([entry.conversationId, entry.data], [conversationId, { seq: 2 }]);
    }
    for (const each of [ann, bob]) {
      const history = await each.call('message.index', { conversationId, limit: 50 });
      assert.deepEqual(
        history.map(({ seq, replyTo }) => [seq, replyTo]),
        [
          [1, undefined],
          [3, 2],
        ],
        'an answer to it stays',
      );
      assert.doesNotMatch(JSON.stringify(await streamOf(each)), new RegExp(words));
    }
    assert.equal(await rowsWith(words), 0);
    assert.deepEqual(await bob.call('message.stars', { limit: 50 }), []);
    assert.deepEqual(await bob.call('message.pins', { conversationId }), []);
    const [row] = await select(
      'SELECT content, deleted_at FROM message WHERE conversation_id = :conversationId AND seq = 2',
      { conversationId },
    );
    assert.ok(row.content === '{}' && row.deleted_at instanceof Date);
    await refused(ann.call('message.remove', removal(conversationId, 'both', 2)), 'MESSAGE_NOT_FOUND');
    await refused(bob.call('message.remove', removal(conversationId, 'me', 2)), 'MESSAGE_NOT_FOUND');
  });

  it('is not unread any more, and what was read stays read', async () => {
    const { ann, bob, client, other, conversationId } = await pair();
    for (const words of ['two', 'three', 'four', 'five']) await client.send({ conversationId, ...text(words) });
    const remove = (...seqs: number[]) => client.call('message.remove', removal(conversationId, 'both', ...seqs));
    const unread = async (who: Person) => (await who.call('conversation.show', { conversationId })).unread;
    await other.call('conversation.read', { conversationId, seq: 2 });
    await remove(1);
    assert.deepEqual([await unread(ann), await unread(bob)], [0, 3], 'it was read by both');
    await remove(5, 3);
    assert.deepEqual([await unread(ann), await unread(bob)], [0, 1]);
    assert.equal(
      (await other.call('conversation.read', { conversationId, seq: 3 })).unread,
      1,
      'to a place that is gone',
    );
    await client.send({ conversationId, ...text('six') });
    assert.deepEqual([await unread(ann), await unread(bob)], [0, 2]);
    await remove(2, 4, 6);
    assert.deepEqual([await unread(ann), await unread(bob)], [0, 0]);
    await other.send({ conversationId, ...text('all gone?') });
    assert.deepEqual([await unread(ann), await unread(bob)], [1, 0]);
  });

  it('may be one of the notes to oneself', async () => {
    const ann = await person();
    const client = await ann.connect();
    const { conversationId } = await client.send({ to: { userId: ann.id }, ...text('buy milk') });
    await client.call('message.remove', removal(conversationId, 'both', 1));
    assert.deepEqual(await ann.call('message.index', { conversationId, limit: 50 }), []);
    assert.equal((await ann.call('conversation.show', { conversationId })).unread, 0);
  });

  it('has to be an own one, in a single conversation, and all of them or none', async () => {
    const { ann, bob, client, other, conversationId } = await pair();
    await other.send({ conversationId, ...text('mine') });
    await client.send({ conversationId, ...text('three') });
    const group = await groupOf([ann, bob]);
    await ann.ask('message.create', { id: group.id, body: text('to all') });
    const [eve, stranger, notice] = [await person(), await person({ app: 'other' }), await noticeTo(ann)];
    const remove = (who: Person, id: string, ...seqs: number[]) =>
      who.call('message.remove', removal(id, 'both', ...seqs));
    await storesNothing(async () => {
      await refused(remove(ann, conversationId, 1, 2, 3), 'FORBIDDEN');
      await refused(remove(ann, group.id, 1), 'FORBIDDEN');
      await refused(remove(ann, notice, 1), 'FORBIDDEN');
      const missing = await refused(remove(ann, conversationId, 1, 4, 3, 5), 'MESSAGE_NOT_FOUND');
      assert.deepEqual(missing.details, { seqs: [4, 5] });
      await refused(remove(eve, conversationId, 1), 'NOT_A_MEMBER');
      await refused(remove(stranger, conversationId, 1), 'CONVERSATION_NOT_FOUND');
      await refused(remove(ann, conversationId, 1, 1), 'INVALID_INPUT');
      await refused(remove(ann, conversationId), 'INVALID_INPUT');
    });
    assert.deepEqual(seqsOf(await ann.call('message.index', { conversationId, limit: 50 })), [1, 2, 3]);
  });
});

describe('unread of a single conversation', () => {
  it('equals a recount while both write, read and delete at once', async () => {
    const { ann, bob, client, other, conversationId } = await pair();
    const sides = [client, other];
    const sentBy: number[][] = [[1], []];
    // A fixed sequence, so that a failure can be had again.
    let state = 7;
    const random = (below: number) => (state = (state * 1103515245 + 12345) % 2147483648) % below;
    for (let round = 0; round < 12; round++) {
      const work: Promise<unknown>[] = [];
      for (let step = 0; step < 15; step++) {
        const who = random(2);
        const what = random(6);
        if (what < 3) {
          work.push(sides[who].send({ conversationId, ...text(`${round}`) }).then(sent => sentBy[who].push(sent.seq)));
        } else if (what < 4) {
          const seq = 1 + random(round * 8 + 1);
          work.push(sides[who].call('conversation.read', { conversationId, seq }).catch(() => undefined));
        } else {
          const seqs = sentBy[who].splice(random(sentBy[who].length + 1), 1 + random(3));
          if (seqs.length > 0) work.push(sides[who].call('message.remove', { conversationId, seqs, for: 'both' }));
        }
      }
      await Promise.all(work);
      for (const each of [ann, bob]) await assertUnread(each);
    }
    const { lastSeq, readSeq } = await bob.call('conversation.show', { conversationId });
    for (let seq = readSeq + 1; seq <= lastSeq; seq++) {
      await other.call('conversation.read', { conversationId, seq });
      await assertUnread(bob);
    }
  });
});
