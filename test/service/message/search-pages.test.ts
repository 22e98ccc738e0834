import assert from 'node:assert/strict';
import { groupOf } from '../../support/group';
import { people, text, type Person } from '../../support/person';
import { fill, find, lookAt, pagesOf, placesOf, seqsOf } from '../../support/search';
import { app, mm } from '../../support/service';

const numbers = (to: number) => Array.from({ length: to }, (_, index) => index + 1);
const downFrom = (seq: number) => numbers(seq).reverse();
const MINUTE = 60_000;

/** Groups of Ann and Bob with as many messages each; the first group was active last. */
async function groups(...sizes: number[]): Promise<{ ann: Person; bob: Person; ids: string[] }> {
  const [ann, bob] = await people(2);
  const ids: string[] = [];
  const now = Date.now();
  for (const [index, size] of sizes.entries()) {
    const { id } = await groupOf([ann, bob]);
    const words = numbers(size).map(seq => `word ${seq % 2 ? 'odd' : 'even'}`);
    await fill(id, words, { senderId: Number(ann.id), at: new Date(now - (index + 1) * 1000 * MINUTE) });
    ids.push(id);
  }
  return { ann, bob, ids };
}

const placesIn = (ids: readonly string[], ...seqs: (readonly number[])[]) =>
  ids.flatMap((id, index) => seqs[index].map(seq => `${id}:${seq}`));

describe('the pages of a search', () => {
  afterEach(() => void mm.restore());

  it('hold the conversation that was active last first, and the latest messages of each first', async () => {
    const { ann, bob, ids } = await groups(3, 2);
    const expected = placesIn(ids, [3, 2, 1], [2, 1]);
    assert.deepEqual(placesOf(await find(bob, 'word')), expected);
    await ann.ask('message.create', { id: ids[1], body: text('one more word') });
    assert.deepEqual(placesOf(await find(bob, 'word')), placesIn([ids[1], ids[0]], [3, 2, 1], [3, 2, 1]));
  });

  for (const limit of [1, 3]) {
    for (const messages of [1, 3, 1000]) {
      it(`of ${limit}, looking at ${messages} messages a call, hold each message once, in order`, async () => {
        const { bob, ids } = await groups(5, 0, 1, 8);
        lookAt(messages);
        for (const [q, seqs] of [
          ['word', [downFrom(5), [], [1], downFrom(8)]],
          ['even', [[4, 2], [], [], [8, 6, 4, 2]]],
          ['nothing', [[], [], [], []]],
        ] as const) {
          const pages = await pagesOf(bob, { q, limit });
          assert.deepEqual(placesOf(pages.flat()), placesIn(ids, ...seqs), q);
          assert.ok(pages.every(page => page.length <= limit));
        }
        const within = await pagesOf(bob, { q: 'odd', limit, conversationId: ids[3] });
        assert.deepEqual(placesOf(within.flat()), placesIn([ids[3]], [7, 5, 3, 1]));
      });
    }
  }

  it('end without a next one when all has been looked at', async () => {
    const { bob } = await groups(4);
    for (const [q, limit] of [
      ['word', 4],
      ['word', 5],
      ['even', 2],
      ['nothing', 1],
    ] as const) {
      assert.equal((await pagesOf(bob, { q, limit })).length, 1, `${q}, ${limit}`);
    }
    assert.equal((await pagesOf(bob, { q: 'word', limit: 3 })).length, 2);
  });

  it('may be empty and still have a next one, when much has been looked at in vain', async () => {
    const { bob, ids } = await groups(20, 3);
    lookAt(10);
    const pages = await pagesOf(bob, { q: 'word', until: new Date(Date.now() - 1500 * MINUTE).toISOString() });
    assert.deepEqual(pages.map(placesOf), [[], [], placesIn(ids.slice(1), [3, 2, 1])]);
  });

  it('hold each message once when conversations become active meanwhile', async () => {
    const { ann, bob, ids } = await groups(3, 3, 3, 3);
    const pages = await pagesOf(bob, { q: 'word', limit: 2 }, async page => {
      // Those searched already, the one at hand and those to come, a different one each time.
      await ann.ask('message.create', { id: ids[(page * 3) % 4], body: text('news') });
    });
    assert.deepEqual(placesOf(pages.flat()), placesIn(ids, [3, 2, 1], [3, 2, 1], [3, 2, 1], [3, 2, 1]));
  });

  it('hold each message once also when a conversation becomes very active meanwhile', async () => {
    const { ann, bob, ids } = await groups(3, 3, 3);
    const client = await ann.connect();
    const pages = await pagesOf(bob, { q: 'word', limit: 2 }, async page => {
      // One that has been searched, then the one at hand.
      const conversationId = ids[page - 1];
      if (page > 2) return;
      const sends = numbers(120).map(() => client.send({ conversationId, ...text('word') }));
      await Promise.all(sends);
    });
    assert.deepEqual(placesOf(pages.flat()), placesIn(ids, [3, 2, 1], [3, 2, 1], [3, 2, 1]));
  });

  it('leave out a conversation that the caller leaves meanwhile, and one that begins', async () => {
    const { ann, bob, ids } = await groups(2, 2, 2);
    const pages = await pagesOf(bob, { q: 'word', limit: 2 }, async page => {
      if (page > 1) return;
      await bob.ask('group.leave', { id: ids[1] });
      await ann.ask('message.send', { body: { to: { userId: bob.id }, ...text('a word') } });
    });
    assert.deepEqual(placesOf(pages.flat()), placesIn([ids[0], ids[2]], [2, 1], [2, 1]));
  });

  it('reach the end of a conversation that takes many statements, past what has been purged', async () => {
    const { bob, ids } = await groups(5000, 2);
    const where = { conversationId: Number(ids[0]), seq: numbers(40) };
    await app.model.Message.update({ content: JSON.stringify({ text: 'needle' }) }, { where });
    assert.deepEqual(seqsOf(await find(bob, 'needle', { limit: 100 })), downFrom(40));
    await app.model.Message.destroy({ where: { ...where, seq: numbers(20) } });
    await app.model.Conversation.update({ purgedSeq: 20 }, { where: { id: Number(ids[0]) } });
    assert.deepEqual(seqsOf(await find(bob, 'needle', { limit: 100 })), downFrom(40).slice(0, 20));
  });

  it('go straight to a time in a long conversation', async () => {
    const { bob, ids } = await groups(5000);
    const where = { conversationId: Number(ids[0]) };
    const timeOf = async (seq: number) =>
      (await app.model.Message.findOne({ where: { ...where, seq }, raw: true }))!.sentAt.toISOString();
    const [from, until] = [await timeOf(1001), await timeOf(1021)];
    // Messages that are purged, or never were, do not lead astray.
    await app.model.Message.destroy({ where: { ...where, seq: [2500, 2501, 1250, 1020, 1001] } });
    lookAt(30);
    const [page, ...others] = await pagesOf(bob, { q: 'word', from, until });
    assert.deepEqual(seqsOf(page), downFrom(1019).slice(0, 18));
    assert.deepEqual(others, []);
    assert.deepEqual(
      seqsOf((await pagesOf(bob, { q: 'word', from: await timeOf(4995) })).flat()),
      downFrom(5000).slice(0, 6),
    );
  });
});
