import assert from 'node:assert/strict';
import type { WireInput } from '../../../app/schema/calls';
import { groupOf } from '../../support/group';
import { people, person, text, type Person } from '../../support/person';
import { refused } from '../../support/refusal';
import { fill, seqsOf } from '../../support/search';
import { app, mm } from '../../support/service';

const LAST = Date.parse('2026-03-01T12:00:00.000Z');
const MESSAGES = 40;

/** When a message was sent, and so much later. */
const timeOf = (seq: number, ms = 0) => new Date(LAST - (MESSAGES - seq) * 60_000 + ms).toISOString();

type Query = Partial<WireInput<'message.index'>>;

/** A group of Ann and Bob with as many messages, a minute after each other. */
async function longGroup() {
  const [ann, bob] = await people(2);
  const { id: conversationId } = await groupOf([ann, bob]);
  await fill(conversationId, new Array<string>(MESSAGES).fill('x'.repeat(300)), { at: new Date(LAST) });
  const page = async (query: Query) =>
    seqsOf(await bob.call('message.index', { conversationId, limit: 200, ...query }));
  return { ann, bob, conversationId, id: Number(conversationId), page };
}

const between = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** The seqs of every page, the first in front. */
async function pagesOf(someone: Person, conversationId: string, query: Query, next: 'before' | 'after') {
  const pages: number[][] = [];
  for (let place = {}; ;) {
    const { data, nextCursor } = await someone.callPage('message.index', {
      conversationId,
      limit: 200,
      ...query,
      ...place,
    });
    pages.push(seqsOf(data));
    if (!nextCursor) return pages;
    place = { [next]: Number(nextCursor) };
  }
}

describe('history by time', () => {
  it('begins with the first message at or after a time, by the call and by the event', async () => {
    const { bob, conversationId, page } = await longGroup();
    assert.deepEqual(await page({ from: timeOf(20), limit: 3 }), [20, 21, 22]);
    assert.deepEqual(await page({ from: timeOf(20, 1), limit: 3 }), [21, 22, 23]);
    assert.deepEqual(await page({ from: '2000-01-01T00:00:00.000Z', limit: 2 }), [1, 2]);
    assert.deepEqual(await page({ from: timeOf(MESSAGES, 1) }), []);
    const device = await bob.connect();
    const query = { conversationId, from: timeOf(39), limit: 50 };
    assert.deepEqual(await device.call('message.index', query), await bob.call('message.index', query));
  });

  it('is a range of times, from its beginning or before a place', async () => {
    const { page } = await longGroup();
    assert.deepEqual(await page({ from: timeOf(10), until: timeOf(13) }), [10, 11, 12]);
    assert.deepEqual(await page({ from: timeOf(10), until: timeOf(10) }), []);
    assert.deepEqual(await page({ from: timeOf(13), until: timeOf(10) }), []);
    assert.deepEqual(await page({ until: timeOf(13), limit: 3 }), [10, 11, 12]);
    assert.deepEqual(await page({ until: '9999-12-31T23:59:59.999Z', limit: 2 }), [39, 40]);
    assert.deepEqual(await page({ from: timeOf(10), before: 30, limit: 2 }), [28, 29]);
    assert.deepEqual(await page({ until: timeOf(13), after: 10 }), [11, 12]);
  });

  it('goes on where a page ended, by its limit or by its bytes, in both directions', async () => {
    const { bob, conversationId } = await longGroup();
    mm(app.config.im, 'pageBytes', 2000);
    const range = { from: timeOf(5), until: timeOf(21) };
    for (const limit of [3, 200]) {
      const forward = await pagesOf(bob, conversationId, { ...range, limit }, 'after');
      assert.ok(forward.length > 3);
      assert.deepEqual(forward.flat(), between(5, 20));
      const backward = await pagesOf(bob, conversationId, { until: range.until, limit }, 'before');
      assert.deepEqual(backward.reverse().flat(), between(1, 20));
    }
  });

  it('finds its place where messages have been purged, and none that the caller may not see', async () => {
    const { bob, id, page } = await longGroup();
    const { ConversationMember, Message, Conversation, MessageHidden } = app.model;
    await Message.destroy({ where: { conversationId: id, seq: [...between(1, 6), ...between(15, 24), 39, 40] } });
    await Conversation.update({ purgedSeq: 7 }, { where: { id } });
    const there = [...between(8, 14), ...between(25, 38)];
    for (const seq of between(1, MESSAGES)) {
      const from = there.filter(each => each >= seq);
      assert.deepEqual(await page({ from: timeOf(seq) }), from, `from ${seq}`);
      assert.deepEqual(await page({ until: timeOf(seq) }), there.slice(0, there.length - from.length), `until ${seq}`);
    }
    await ConversationMember.update({ clearedSeq: 9 }, { where: { conversationId: id, userId: Number(bob.id) } });
    await MessageHidden.create({ conversationId: id, userId: Number(bob.id), seq: 11 });
    assert.deepEqual(await page({ from: timeOf(1), until: timeOf(14) }), [10, 12, 13]);
  });
});

describe('messages by their seq', () => {
  it('are those that the caller may see, in order', async () => {
    const { ann, bob, conversationId, id } = await longGroup();
    await app.model.ConversationMember.update(
      { clearedSeq: 3 },
      { where: { conversationId: id, userId: Number(bob.id) } },
    );
    await app.model.Message.update(
      { recalledAt: new Date(), recalledBy: 1 },
      { where: { conversationId: id, seq: 39 } },
    );
    const seqs = [40, 3, 39, 4, 1000];
    const found = await bob.call('message.batch', { conversationId, seqs });
    assert.deepEqual(seqsOf(found), [4, 39, 40]);
    const history = await bob.call('message.index', { conversationId, limit: 200 });
    assert.deepEqual(
      found,
      history.filter(each => seqs.includes(each.seq)),
    );
    assert.deepEqual(seqsOf(await ann.call('message.batch', { conversationId, seqs })), [3, 4, 39, 40]);
    const device = await bob.connect();
    assert.deepEqual(await device.call('message.batch', { conversationId, seqs }), found);
  });

  it('end early where they are too much for a page, and go on after the last', async () => {
    const { bob, conversationId } = await longGroup();
    mm(app.config.im, 'pageBytes', 2000);
    const found: number[] = [];
    for (let seqs = between(1, MESSAGES); ;) {
      const { data, nextCursor } = await bob.callPage('message.batch', { conversationId, seqs });
      assert.ok(data.length < 8);
      found.push(...seqsOf(data));
      if (!nextCursor) break;
      seqs = seqs.filter(seq => seq > Number(nextCursor));
    }
    assert.deepEqual(found, between(1, MESSAGES));
  });

  it('are a hundred at most, of a conversation of the caller', async () => {
    const { bob, conversationId } = await longGroup();
    for (const seqs of [[], between(1, 101), [1, 1], [0]]) {
      await refused(bob.call('message.batch', { conversationId, seqs }), 'INVALID_INPUT');
    }
    await refused((await person()).call('message.batch', { conversationId, seqs: [1] }), 'NOT_A_MEMBER');
    const note = await bob.ask('message.send', { body: { to: { userId: bob.id }, ...text('mine') } });
    const found = await bob.callPage('message.batch', { conversationId: note.conversationId, seqs: [1] });
    assert.deepEqual([seqsOf(found.data), found.nextCursor], [[1], undefined]);
  });
});
